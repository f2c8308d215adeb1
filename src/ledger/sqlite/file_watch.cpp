#include "file_watch.hpp"

#include <sys/stat.h>
#include <utility>

namespace dialogferry::ledger::sqlite {

std::optional<FileWatch::Identity> FileWatch::identity_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return Identity{static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino)};
}

FileWatch::FileWatch(std::string path)
    : path_(std::move(path))
    , file_(identity_of(path_))
    , log_(identity_of(path_ + "-wal")) {}

std::optional<Problem> FileWatch::look() {
  const auto changed = [&](const std::string& path, const std::optional<Identity>& was,
                           const std::optional<Identity>& is) -> std::optional<Problem> {
    if (!was || is == was) return std::nullopt;
    return Problem{"ledger " + path_,
                   path + (is ? " was exchanged for another file" : " was deleted") +
                       " while the engine runs",
                   "put the file back, or another copy of the ledger; then start again"};
  };
  if (auto problem = changed(path_, file_, identity_of(path_))) return problem;
  const auto log = identity_of(path_ + "-wal");
  if (auto problem = changed(path_ + "-wal", log_, log)) return problem;
  log_ = log;
  return std::nullopt;
}

} // namespace dialogferry::ledger::sqlite
