#include "secret_file.hpp"

#include <fstream>

namespace dialogferry::cli {

Result<std::vector<std::string>> read_secrets(const std::string& path, const std::string& key) {
  std::vector<std::string> secrets;
  if (path.empty()) return secrets;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  while (std::getline(file, line)) {
    constexpr std::string_view blank = " \t\r";
    const auto first = line.find_first_not_of(blank);
    if (first != std::string::npos)
      secrets.push_back(line.substr(first, line.find_last_not_of(blank) - first + 1));
  }
  if (!file.is_open() || file.bad())
    return fail(key, "names a file that cannot be read: " + path, "check its path and permissions");
  if (secrets.empty())
    return fail(key, "names a file that holds nothing: " + path, "write a long random text into it");
  return secrets;
}

} // namespace dialogferry::cli
