#pragma once

#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/history/scan.hpp>
#include <dialogferry/source/listing.hpp>

#include <string_view>
#include <vector>

/// A scan and the pages of a listing: what it asks as a request, what it is told of their rows.
namespace dialogferry::engine {

/// The request for what a scan asks; it refers to `query` and `organisation`.
source::ListRequest list_of(const ListQuery& query, std::string_view organisation, unsigned page_size);

/// The rows of a page, newest first or of one time. A row without a time stands where it is listed: at that
/// of the row before it, the first at `fallback`.
std::vector<RowHead> heads_of(const std::vector<codec::Row>& rows, Instant fallback);

} // namespace dialogferry::engine
