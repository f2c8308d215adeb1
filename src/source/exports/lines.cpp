#include "lines.hpp"

#include <dialogferry/codec/document.hpp>

#include <algorithm>
#include <cstring>

namespace dialogferry::source::exports {

namespace {

constexpr std::size_t first_size = 1 << 20;

} // namespace

Lines::Lines(const File& file, std::size_t most)
    : file_(file)
    , most_(most)
    , buffer_(std::min(first_size, most + 1) + codec::json_padding, '\0') {}

std::optional<Line> Lines::next() {
  std::size_t searched = 0;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    const auto* const found =
        static_cast<const char*>(std::memchr(from + searched, '\n', end_ - begin_ - searched));
    if (found != nullptr) return take(static_cast<std::size_t>(found - from), true);
    searched = end_ - begin_;
    if (searched > most_) return skip_long();
    if (fill()) continue;
    if (searched == 0) return std::nullopt;
    return take(searched, false);
  }
}

Line Lines::take(std::size_t size, bool is_ended) {
  const std::string_view text(buffer_.data() + begin_, size);
  const auto padding = buffer_.size() - begin_ - size;
  const Line line{size > most_ ? std::string_view{} : text, padding, offset_, is_ended, size > most_};
  begin_ += size + (is_ended ? 1 : 0);
  offset_ += size + (is_ended ? 1 : 0);
  return line;
}

/// Without keeping what it reads.
Line Lines::skip_long() {
  Line line{{}, 0, offset_, false, true};
  for (;;) {
    offset_ += end_ - begin_;
    begin_ = end_ = 0;
    if (!fill()) return line;
    const auto* const found = static_cast<const char*>(std::memchr(buffer_.data(), '\n', end_));
    if (found == nullptr) continue;
    begin_ = static_cast<std::size_t>(found - buffer_.data()) + 1;
    offset_ += begin_;
    line.is_ended = true;
    return line;
  }
}

/// Whether there was more.
bool Lines::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ + codec::json_padding == buffer_.size())
    buffer_.resize(std::min(2 * end_, std::max(most_ + 1, first_size)) + codec::json_padding);
  const auto room = buffer_.size() - codec::json_padding - end_;
  const auto count = file_.read_at(buffer_.data() + end_, room, offset_ + end_);
  end_ += count;
  return count > 0;
}

} // namespace dialogferry::source::exports
