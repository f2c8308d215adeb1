#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace bench {

/// A folder of its own among the temporary files, which goes with it.
struct Folder {
  Folder() {
    auto name = (std::filesystem::temp_directory_path() / "dialogferry-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  std::string file(const std::string& name) const { return (path / name).string(); }

  std::filesystem::path path;
};

} // namespace bench
