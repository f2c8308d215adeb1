#pragma once

#include "file.hpp"

#include <dialogferry/model/time.hpp>

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dialogferry::source::exports {

/// Where a message stands among those of its day: by its time, to the microsecond, its number and its place
/// in the file. A line that is no message has the day's beginning and no number.
struct Place {
  std::int64_t ticks = 0;
  std::int32_t id = 0;
  std::uint64_t offset = 0;

  auto operator<=>(const Place&) const = default;
};

/// The messages of one day: where each stands in the file.
class DayFile {
public:
  struct Entry {
    std::int64_t ticks;
    std::uint64_t offset;
    std::uint32_t size; ///< of the line; of one that is no message: its place in `bad_`
    std::int32_t id;    ///< 0: no message

    Place place() const { return {ticks, id, offset}; }
  };

  /// Reads a file through, `path` as it lies on the disk. Fails where it cannot be read at all.
  static Result<std::shared_ptr<const DayFile>> open(const std::string& path, Day day);

  /// Oldest first.
  std::span<const Entry> entries() const { return entries_; }

  /// Whether the file is still as it was read.
  bool is_current() const { return stamp_of(path_) == stamp_; }

  /// The entry as one of a page's `messages`. False where the file does not hold it any more.
  bool append(std::string& out, const Entry& entry) const;

private:
  struct Bad {
    std::uint64_t line;
    std::string problem;
  };

  DayFile(std::string path, Day day)
      : path_(std::move(path))
      , day_(day) {}

  void read(const std::string& broken);
  void add_bad(std::uint64_t offset, std::uint64_t line, std::string problem);

  const std::string path_;
  const Day day_;
  Stamp stamp_;
  File file_;
  std::vector<Entry> entries_;
  std::vector<Bad> bad_;
};

} // namespace dialogferry::source::exports
