#pragma once

#include "platform.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry::system {

struct AskedFor {
  std::string_view method = "GET";
  std::string target;
  std::string body = {};
  std::string content_type = "application/json"; ///< with a body
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// One request to a server of this machine, `http://127.0.0.1:PORT`; throws where there is no answer.
Answer ask(const std::string& url, const AskedFor& what);

} // namespace dialogferry::system
