#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/http/body_store.hpp>
#include <dialogferry/model/uuid.hpp>

#include <memory>
#include <string>
#include <string_view>

/// What whoever reads pages of a source or a target needs.
namespace dialogferry::engine {

/// Its buffers are several times as large as a page: who reads comes and goes, threads stay.
codec::Parser& parser_of_thread();

/// The text of a page, taken over for as long as a row of it is used; then its buffer goes back to `bodies`,
/// which may be null.
std::shared_ptr<const codec::Document> kept_page(std::string& body, std::shared_ptr<http::BodyStore> bodies);

/// The identity of a row that has none: stands for it in tie groups and digests, the same at each reading.
Uuid stand_in_of(std::string_view row);

} // namespace dialogferry::engine
