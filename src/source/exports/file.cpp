#include "file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>
#include <zlib.h>

namespace dialogferry::source::exports {

namespace {

constexpr std::size_t piece = 256 << 10;

Problem because(const std::string& path, std::string_view what, int error) {
  return {path, std::string(what) + ": " + std::strerror(error), {}};
}

Result<File> temporary_file() {
  std::error_code error;
  auto path = (std::filesystem::temp_directory_path(error) / "dialogferry-export-XXXXXX").string();
  File file(::mkostemp(path.data(), O_CLOEXEC));
  if (!file.is_open()) return tl::unexpected(because(path, "cannot be made", errno));
  ::unlink(path.c_str());
  return file;
}

bool write_all(const File& file, const char* from, std::size_t size) {
  while (size > 0) {
    const auto count = ::write(file.descriptor(), from, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    from += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

} // namespace

std::size_t File::read_at(char* to, std::size_t size, std::uint64_t offset) const {
  std::size_t got = 0;
  while (got < size) {
    const auto count = ::pread(descriptor_, to + got, size - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  return got;
}

Stamp stamp_of(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  constexpr std::int64_t second = 1'000'000'000;
  return {facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtim.tv_sec * second + facts.st_mtim.tv_nsec};
}

Result<File> open_file(const std::string& path) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (!file.is_open() || ::fstat(file.descriptor(), &facts) != 0)
    return tl::unexpected(because(path, "cannot be read", errno));
  if (!S_ISREG(facts.st_mode)) return fail(path, "is no file");
  return file;
}

Result<Unpacked> unpack(const std::string& path) {
  auto packed = open_file(path);
  if (!packed) return tl::unexpected(packed.error());
  auto file = temporary_file();
  if (!file) return tl::unexpected(file.error());
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> reader(
      gzdopen(::fcntl(packed->descriptor(), F_DUPFD_CLOEXEC, 0), "rb"), gzclose);
  if (!reader) return fail(path, "cannot be read: no memory");
  Unpacked unpacked{std::move(*file), {}};
  std::vector<char> buffer(piece);
  for (;;) {
    const auto count = gzread(reader.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    const auto size = static_cast<std::size_t>(std::max(count, 0));
    if (!write_all(unpacked.file, buffer.data(), size))
      return tl::unexpected(because(path, "cannot be unpacked", errno));
    if (size == buffer.size()) continue;
    int error = Z_OK;
    gzerror(reader.get(), &error);
    if (error == Z_BUF_ERROR) unpacked.broken = "the packing is cut off here";
    if (error != Z_OK && error != Z_BUF_ERROR) unpacked.broken = "the packing is broken from here";
    return unpacked;
  }
}

} // namespace dialogferry::source::exports
