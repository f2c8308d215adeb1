#pragma once

#include <string_view>

namespace dialogferry::status {

/// The page's own style sheet and script: page.css and page.js, built in.
std::string_view page_css();
std::string_view page_js();
/// The sign of the page in a browser's tab.
std::string_view page_svg();

} // namespace dialogferry::status
