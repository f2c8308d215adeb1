#pragma once

#include "file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::source::exports {

/// A line of a file, without its end.
struct Line {
  std::string_view text;   ///< empty where it is too long
  std::size_t padding = 0; ///< readable bytes behind it
  std::uint64_t offset = 0;
  bool is_ended = false; ///< by a line break
  bool too_long = false;
};

/// Reads a file line by line through a buffer that grows to the longest line, `most` bytes.
class Lines {
public:
  Lines(const File& file, std::size_t most);

  /// Good until the next call; nothing behind the last one. What follows the last line break is a line where
  /// it is not empty.
  std::optional<Line> next();

private:
  bool fill();
  Line skip_long();
  Line take(std::size_t size, bool is_ended);

  const File& file_;
  const std::size_t most_;
  std::string buffer_; ///< with room for the padding behind `end_`
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0; ///< in the file, of `begin_`
};

} // namespace dialogferry::source::exports
