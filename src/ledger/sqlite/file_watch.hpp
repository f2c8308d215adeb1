#pragma once

#include <dialogferry/model/problem.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace dialogferry::ledger::sqlite {

/// Notices that a ledger's file, or the log of commits beside it, was deleted or exchanged while it is open:
/// SQLite would go on with files that nobody can find any more, and all that is committed would be lost.
class FileWatch {
public:
  /// Of the file at `path`, as it is now.
  explicit FileWatch(std::string path);

  /// What has happened to it; nothing while all is as it was. Costs two calls of `stat`.
  std::optional<Problem> look();

private:
  /// A file, whatever its name; no two at a time are the same.
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t number = 0;
    bool operator==(const Identity&) const = default;
  };
  /// Nothing where there is no file.
  static std::optional<Identity> identity_of(const std::string& path);

  std::string path_;
  std::optional<Identity> file_;
  std::optional<Identity> log_; ///< there from the first commit on
};

} // namespace dialogferry::ledger::sqlite
