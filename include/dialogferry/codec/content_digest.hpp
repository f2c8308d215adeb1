#pragma once

#include <dialogferry/codec/document.hpp>

#include <cstdint>
#include <string_view>

namespace dialogferry::codec {

/// What tells two readings of one record apart, whatever its times say (observed.md OS-1, OS-2): a number
/// over the members of a JSON object, the same in every process. The order of lists does not count, which
/// differs between a list's row and the record read by itself (storage.md 1.7); nor does `dialog.id` among
/// the data values where it is `own_dialog_id`, which is what we write there ourselves. 0 for what is no
/// object.
std::uint64_t content_digest(Parser& parser, JsonView json, std::string_view own_dialog_id = {});

} // namespace dialogferry::codec
