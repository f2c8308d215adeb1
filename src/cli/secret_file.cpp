#include "secret_file.hpp"

#include <fstream>
#include <iterator>

namespace dialogferry::cli {

Result<std::string> read_secret(const std::string& path) {
  constexpr const char* key = "status.webhook_secret_file";
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  if (!file) return fail(key, "names a file that cannot be read: " + path, "check its path and permissions");
  constexpr std::string_view blank = " \t\r\n";
  const auto first = content.find_first_not_of(blank);
  if (first == std::string::npos)
    return fail(key, "names a file that holds nothing: " + path, "write a long random text into it");
  return content.substr(first, content.find_last_not_of(blank) - first + 1);
}

} // namespace dialogferry::cli
