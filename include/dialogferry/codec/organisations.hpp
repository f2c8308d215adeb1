#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>

#include <string>
#include <vector>

namespace dialogferry::codec {

/// The distinct `org` of the answer of GET applications, sorted (storage.md 1.1 and 2.6).
Result<std::vector<std::string>> read_organisations(Parser& parser, JsonView json);

} // namespace dialogferry::codec
