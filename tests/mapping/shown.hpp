#pragma once

#include <dialogferry/mapping/mapper.hpp>

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace shown {

/// The files of a record that its dialog, as it is after the decision, does not show exactly once, each with
/// how often (decisions.md D-7). Those that may be shown nowhere are left aside: awaited, hard-deleted,
/// without an address. Nothing where the dialog's attachments are not ours to write.
std::vector<std::string> wrong_files(const boost::json::value& bundle,
                                     const dialogferry::mapping::Decision& decision);

} // namespace shown
