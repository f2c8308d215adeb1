#pragma once

#include <string>
#include <vector>

namespace correspondence_golden {

/// A Catch2 test case for each recorded case about a message, before the session starts; their names.
std::vector<std::string> register_cases();

} // namespace correspondence_golden
