#include <dialogferry/cli/progress_display.hpp>

#include <fmt/format.h>

#include <ostream>

namespace dialogferry::cli {

namespace {

constexpr std::int64_t line_every = 5 * Instant::per_second;

} // namespace

ProgressDisplay::ProgressDisplay(std::ostream& out, Mode mode, bool colour,
                                 std::function<TerminalSize()> size)
    : out_(out)
    , mode_(mode)
    , colour_(colour)
    , size_(std::move(size)) {}

void ProgressDisplay::show(const ProgressSnapshot& snapshot) {
  if (mode_ == Mode::off) return;
  const std::lock_guard lock(mutex_);
  if (mode_ == Mode::lines) {
    if (last_line_ && snapshot.as_of.ticks - last_line_->ticks < line_every) return;
    last_line_ = snapshot.as_of;
    out_ << progress_line(snapshot) << std::endl;
    return;
  }
  const auto size = size_();
  auto lines = render_progress(snapshot, size.columns, colour_);
  if (lines.size() >= size.lines && size.lines > 1) lines.resize(size.lines - 1); // it must not scroll
  erase_block();
  for (const auto& line : lines)
    out_ << line << '\n';
  out_.flush();
  block_ = std::move(lines);
}

void ProgressDisplay::print(std::string_view line) {
  const std::lock_guard lock(mutex_);
  const auto block = block_;
  erase_block();
  out_ << line;
  for (const auto& below : block)
    out_ << below << '\n';
  out_.flush();
  block_ = block;
}

void ProgressDisplay::finish() {
  const std::lock_guard lock(mutex_);
  block_.clear();
}

void ProgressDisplay::erase_block() {
  if (!block_.empty())
    out_ << fmt::format("\x1b[{}A\r\x1b[J", block_.size()); // up to its first line, clear below
  block_.clear();
}

} // namespace dialogferry::cli
