#pragma once

#include <dialogferry/cli/progress.hpp>

#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string_view>

namespace dialogferry::cli {

/// Columns and lines of a terminal.
struct TerminalSize {
  unsigned columns = 80;
  unsigned lines = 24;
};

/// Shows progress on stderr: redrawn in place on a terminal, otherwise a line every few seconds. Log lines go
/// through it, so that they scroll above. May be used from any thread.
class ProgressDisplay {
public:
  enum class Mode : std::uint8_t { off, lines, block };

  ProgressDisplay(std::ostream& out, Mode mode, bool colour, std::function<TerminalSize()> size);

  void show(const ProgressSnapshot& snapshot);

  /// Prints a line, with its end, above the block.
  void print(std::string_view line);

  /// Leaves the last block where it is: what is printed from now on comes below.
  void finish();

private:
  void erase_block();

  std::ostream& out_;
  Mode mode_;
  bool colour_;
  std::function<TerminalSize()> size_;
  std::mutex mutex_;
  std::vector<std::string> block_; ///< on the screen now
  std::optional<Instant> last_line_;
};

} // namespace dialogferry::cli
