#pragma once

#include <dialogferry/mapping/bundle.hpp>
#include <dialogferry/mapping/settings.hpp>

#include <string_view>

namespace dialogferry::mapping::correspondence {

/// Maps one bundle of kind `correspondence` (correspondence.md 2.7): `action`, `silent` of a create,
/// `reason`, and what there is of `attachments`, `migrate`, `dialog`, `sync` and `calls`. `refused` lists, as
/// {`member`, `message`}, what Dialogporten will not take of the dialog (3.10). Fails only where the bundle
/// itself cannot be read; a record in it that is unfit is an answer with `"action":"error"` and a `problem`.
Result<BundleAnswer> map_bundle(std::string_view bundle_json, const Settings& settings);

} // namespace dialogferry::mapping::correspondence
