#pragma once

#include <dialogferry/model/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dialogferry::source::exports {

/// An open file, closed with it.
class File {
public:
  File() = default;
  explicit File(int descriptor)
      : descriptor_(descriptor) {}
  File(File&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  /// Reads so many bytes or fewer, where the file ends or cannot be read.
  std::size_t read_at(char* to, std::size_t size, std::uint64_t offset) const;

private:
  int descriptor_ = -1;
};

/// What tells one state of a file from another.
struct Stamp {
  std::uint64_t device = 0;
  std::uint64_t node = 0;
  std::int64_t size = -1;
  std::int64_t changed = 0; ///< nanoseconds

  bool operator==(const Stamp&) const = default;
};

/// Size -1 where there is no such file.
Stamp stamp_of(const std::string& path);

Result<File> open_file(const std::string& path);

/// A packed file as a temporary one without a name.
struct Unpacked {
  File file;
  std::string broken; ///< why the rest is missing; empty where all is there
};

Result<Unpacked> unpack(const std::string& path);

} // namespace dialogferry::source::exports
