#pragma once

#include <dialogferry/mapping/mapper.hpp>

#include <string>
#include <string_view>

namespace dialogferry::mapping {

/// What `dialogferry map` writes for one bundle.
struct BundleAnswer {
  std::string json;         ///< one JSON object (interfaces.md, Mapping bundle)
  bool has_problem = false; ///< exit status 3: `json` holds `"action":"error"` and a `problem`
};

/// What is to be done with the record of one bundle. Fails where the bundle, or the record in it, cannot be
/// read or mapped.
Result<Decision> decide_bundle(std::string_view bundle_json, const Mapper& mapper);

/// Maps one bundle. Fails only where the bundle itself cannot be read; a record in it that cannot be mapped
/// is an answer.
Result<BundleAnswer> map_bundle(std::string_view bundle_json, const Mapper& mapper);

} // namespace dialogferry::mapping
