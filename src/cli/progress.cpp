#include <dialogferry/cli/progress.hpp>
#include <dialogferry/status/render.hpp>

#include <fmt/format.h>

#include <cmath>

namespace dialogferry::cli {

namespace {

enum class Style : std::uint8_t { plain, strong, quiet, good, warning };

/// A line made of styled pieces, cut at a width; colours take no columns.
class Line {
public:
  Line(unsigned width, bool colour)
      : left_(width)
      , colour_(colour) {}

  Line& add(std::string_view text, Style style = Style::plain) {
    const auto piece = text.substr(0, bytes_that_fit(text));
    if (piece.empty()) return *this;
    if (!colour_ || style == Style::plain)
      text_.append(piece);
    else
      text_.append(code(style)).append(piece).append("\x1b[0m");
    return *this;
  }

  /// Adds a piece after a separator, where there is something before it.
  Line& item(std::string_view text, Style style = Style::plain) {
    if (has_items_) add(" · ", Style::quiet);
    has_items_ = true;
    return add(text, style);
  }

  unsigned left() const { return left_; }
  std::string take() { return std::move(text_); }

private:
  static std::string_view code(Style style) {
    switch (style) {
    case Style::strong: return "\x1b[1m";
    case Style::quiet: return "\x1b[2m";
    case Style::good: return "\x1b[32m";
    case Style::warning: return "\x1b[33m";
    case Style::plain: break;
    }
    return "";
  }

  /// Counts down the columns; a character is a column, however many bytes it has.
  std::size_t bytes_that_fit(std::string_view text) {
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
      if (left_ == 0) break;
      --left_;
    }
    return i;
  }

  std::string text_;
  unsigned left_;
  bool colour_;
  bool has_items_ = false;
};

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::uint64_t rounded(double number) {
  return static_cast<std::uint64_t>(std::llround(number));
}

std::string rate_text(double rate) {
  return rate > 0 && rate < 10 ? fmt::format("{:.1f} records/s", rate)
                               : fmt::format("{} records/s", grouped(rounded(rate)));
}

unsigned per_cent(const RowProgress& row) {
  return row.days_planned == 0 ? 0 : (row.days_complete + row.days_parked) * 100 / row.days_planned;
}

std::string days_text(const RowProgress& row) {
  return fmt::format("{} of {} days", row.days_complete + row.days_parked, row.days_planned);
}

std::string time_left_text(const RowProgress& row) {
  if (row.days_planned > 0 && row.days_complete + row.days_parked >= row.days_planned) return "done";
  return row.time_left ? span_text(*row.time_left) + " left" : "estimating time left";
}

void add_bar(Line& line, unsigned done_per_cent) {
  constexpr unsigned widest = 40;
  constexpr unsigned number = 6; // " 100 %"
  if (line.left() < number + 8) return;
  const unsigned cells = std::min(widest, line.left() - number);
  const unsigned full = cells * done_per_cent / 100;
  std::string done;
  std::string open;
  for (unsigned i = 0; i < cells; ++i)
    (i < full ? done : open).append(i < full ? "━" : "─");
  line.add(done, Style::good).add(open, Style::quiet).add(fmt::format(" {} %", done_per_cent));
}

std::string heading(const RowProgress& row, unsigned width, bool colour) {
  Line line(width, colour);
  line.add(row.id, Style::strong).add("  ");
  if (row.migrated_back_to)
    line.add(fmt::format("back to {}, ", dialogferry::to_string(*row.migrated_back_to)));
  line.add(days_text(row)).add("  ");
  add_bar(line, per_cent(row));
  return line.take();
}

std::string lag_text(const RowProgress& row) {
  if (!row.live_lag) return "live, catching up";
  const auto lag = std::chrono::duration_cast<std::chrono::seconds>(*row.live_lag);
  return "live, " + (lag.count() < 60 ? fmt::format("{} s", lag.count()) : span_text(lag)) + " behind";
}

std::string waiting_text(const Wait& wait, Instant as_of) {
  const auto text = status::wait_text(wait, as_of, status::Locale(status::Language::en, true));
  return wait.code == WaitCode::by_operator ? text : "waiting: " + text;
}

std::string short_rate_text(double rate) {
  return rate > 0 && rate < 10 ? fmt::format("{:.1f}/s", rate) : grouped(rounded(rate)) + "/s";
}

/// `a3-app-instances-live  live, 3 s behind · 12 345 changes · 210/s`
std::string live_line(const RowProgress& row, Instant as_of, unsigned width, bool colour) {
  Line line(width, colour);
  line.add(row.id, Style::strong).add("  ").item(lag_text(row));
  if (row.wait) line.item(waiting_text(*row.wait, as_of), Style::warning);
  line.item(plural(row.counts.read(), "change", "changes"));
  line.item(short_rate_text(row.records_per_second));
  if (row.exceptions > 0) line.item(plural(row.exceptions, "exception", "exceptions"), Style::warning);
  if (const auto deferred = row.counts[Outcome::deferred]; deferred > 0)
    line.item(grouped(deferred) + " deferred");
  if (row.in_flight > 0) line.item(grouped(row.in_flight) + " in flight");
  return line.take();
}

std::string details(const RowProgress& row, Instant as_of, unsigned width, bool colour) {
  Line line(width, colour);
  line.add("  ");
  if (row.wait) line.item(waiting_text(*row.wait, as_of), Style::warning);
  line.item(rate_text(row.records_per_second));
  line.item(time_left_text(row));
  if (row.exceptions > 0) line.item(plural(row.exceptions, "exception", "exceptions"), Style::warning);
  if (row.days_parked > 0) line.item(plural(row.days_parked, "day", "days") + " parked", Style::warning);
  line.item(grouped(row.counts.read()) + " read");
  if (const auto excluded = row.counts[Outcome::excluded]; excluded > 0)
    line.item(grouped(excluded) + " excluded");
  if (const auto deferred = row.counts[Outcome::deferred]; deferred > 0)
    line.item(grouped(deferred) + " deferred");
  if (row.shards > 0) line.item(plural(row.shards, "shard", "shards"));
  if (row.in_flight > 0) line.item(grouped(row.in_flight) + " in flight");
  return line.take();
}

bool is_held(const ApiProgress& api) {
  return api.paused_until || (api.reason != "free" && !api.reason.empty());
}

std::string limiter_text(const ApiProgress& api) {
  std::string text = api.reason.empty() ? "free" : api.reason;
  if (api.paused_until)
    text.append(fmt::format(", until {} UTC", dialogferry::to_string(*api.paused_until).substr(11, 8)));
  return text;
}

std::string api_line(const ApiProgress& api, std::size_t name_width, unsigned width, bool colour) {
  Line line(width, colour);
  line.add(fmt::format("{:<{}}  ", api.name, name_width));
  line.item(limiter_text(api), is_held(api) ? Style::warning : Style::plain);
  if (api.rate > 0) line.item(fmt::format("{} requests/s allowed", grouped(rounded(api.rate))));
  line.item(fmt::format("{} of {} in flight", api.in_flight, api.concurrency_limit));
  return line.take();
}

} // namespace

std::vector<std::string> render_progress(const ProgressSnapshot& snapshot, unsigned width, bool colour) {
  std::vector<std::string> lines;
  for (const auto& row : snapshot.rows) {
    if (!row.history) {
      lines.push_back(live_line(row, snapshot.as_of, width, colour));
      continue;
    }
    lines.push_back(heading(row, width, colour));
    lines.push_back(details(row, snapshot.as_of, width, colour));
  }
  std::size_t name_width = 0;
  for (const auto& api : snapshot.apis)
    name_width = std::max(name_width, api.name.size());
  for (const auto& api : snapshot.apis)
    lines.push_back(api_line(api, name_width, width, colour));
  if (snapshot.draining)
    lines.push_back(
        Line(width, colour).add("stopping: waiting for what is in flight", Style::warning).take());
  return lines;
}

std::string progress_line(const ProgressSnapshot& snapshot) {
  auto text = dialogferry::to_string(snapshot.as_of).substr(11, 8);
  for (const auto& row : snapshot.rows) {
    text.append(fmt::format("  {}: ", row.id));
    text.append(row.history ? days_text(row) : lag_text(row)).append(", ");
    text.append(rate_text(row.records_per_second));
    if (row.history) text.append(", ").append(time_left_text(row));
    if (row.exceptions > 0) text.append(", ").append(plural(row.exceptions, "exception", "exceptions"));
    if (row.days_parked > 0)
      text.append(", ").append(plural(row.days_parked, "day", "days")).append(" parked");
    if (row.wait) text.append(", ").append(waiting_text(*row.wait, snapshot.as_of));
  }
  for (const auto& api : snapshot.apis)
    if (is_held(api)) text.append(fmt::format("  {}: {}", api.name, limiter_text(api)));
  if (snapshot.draining) text.append("  stopping");
  return text;
}

std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), " ");
  return text;
}

std::string span_text(std::chrono::seconds span) {
  const auto seconds = std::max<std::int64_t>(0, span.count());
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  if (seconds < 86'400) return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d{:02}h", seconds / 86'400, seconds / 3600 % 24);
}

} // namespace dialogferry::cli
