#pragma once

#include "folder.hpp"
#include "query.hpp"

#include <string>

namespace dialogferry::source::exports {

/// A page of messages as JSON. Fails with the name of the file that is in its way, where nothing stands
/// before it.
Result<std::string> page_of(Folder& folder, const Query& query);

} // namespace dialogferry::source::exports
