#include "writer_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace dialogferry::ledger::sqlite {

namespace {

/// The process id in the lock file, as text; empty where there is none.
std::string holder(int file) {
  std::array<char, 32> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  std::string id;
  for (ssize_t i = 0; i < size; ++i) {
    if (text.at(static_cast<std::size_t>(i)) < '0' || text.at(static_cast<std::size_t>(i)) > '9') break;
    id += text.at(static_cast<std::size_t>(i));
  }
  return id;
}

} // namespace

Result<WriterLock> WriterLock::take(const std::string& path) {
  const auto beside = path + ".lock";
  const int file = ::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    return fail("ledger " + path,
                "cannot be opened: " + std::string(std::strerror(errno)) + " (" + beside + ")",
                "check that the folder exists and may be read and written");
  }
  WriterLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const auto id = holder(file);
    return fail("ledger " + path, "is in use by another engine" + (id.empty() ? "" : ", process " + id),
                "stop that engine first, or give this one a ledger of its own");
  }
  const auto id = std::to_string(::getpid()) + '\n';
  // Only for people to read: that it could not be written does not matter.
  if (::ftruncate(file, 0) == 0) static_cast<void>(::pwrite(file, id.data(), id.size(), 0) < 0);
  return lock;
}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}

} // namespace dialogferry::ledger::sqlite
