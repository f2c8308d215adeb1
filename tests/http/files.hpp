#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

/// A folder of a test's own, gone with it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "dialogferry-http-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", {});
    folder_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(std::string_view name) const { return (folder_ / name).string(); }

  /// A new file each time, as an editor or a secrets agent writes it. Returns its path.
  std::string write(std::string_view name, std::string_view content) const {
    const auto next = path("next");
    std::ofstream(next, std::ios::binary) << content;
    std::filesystem::rename(next, path(name));
    return path(name);
  }

private:
  std::filesystem::path folder_;
};
