#pragma once

#include "day_file.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::source::exports {

/// The days of a folder of exports, the last ones used kept open. On one thread.
class Folder {
public:
  Folder(std::string path, std::size_t most_kept)
      : path_(std::move(path))
      , most_kept_(most_kept) {}

  /// The first and the last day that have a file; nothing where none has. Looks at the folder again where it
  /// has changed.
  std::optional<std::pair<Day, Day>> range();

  /// Fails for a day without a file and for a file that cannot be read; the member is its name.
  Result<std::shared_ptr<const DayFile>> day(Day day);

  /// The same, not kept for the next time.
  Result<std::shared_ptr<const DayFile>> read(Day day);

  std::vector<Day> kept() const;
  /// Days with a file, oldest first.
  std::vector<Day> days();

private:
  void look_again();

  const std::string path_;
  const std::size_t most_kept_;
  Stamp stamp_;
  std::map<Day, std::vector<std::string>> files_;                  ///< names
  std::list<std::pair<Day, std::shared_ptr<const DayFile>>> kept_; ///< last used in front
};

} // namespace dialogferry::source::exports
