#include <dialogferry/cli/progress.hpp>
#include <dialogferry/cli/progress_display.hpp>

#include <catch2/catch.hpp>

#include <sstream>

using namespace dialogferry;
using namespace dialogferry::cli;

namespace {

constexpr Instant start{1'762'000'000 * Instant::per_second};

ProgressSnapshot snapshot_at(double seconds, std::uint64_t read, std::uint32_t days) {
  ProgressSnapshot snapshot;
  snapshot.as_of = {start.ticks + static_cast<std::int64_t>(seconds * Instant::per_second)};
  RowProgress row;
  row.id = "a3-app-instances-historic";
  row.days_planned = 60;
  row.days_complete = days;
  row.counts[Outcome::created] = read;
  snapshot.rows.push_back(row);
  return snapshot;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text.append(line).append("\n");
  return text;
}

std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

TEST_CASE("The rate is that of the last ten seconds", "[progress]") {
  Pace pace;
  ProgressSnapshot last;
  for (int second = 0; second <= 30; ++second) {
    const std::uint64_t read = second < 15 ? 0 : static_cast<std::uint64_t>(second - 15) * 200;
    last = snapshot_at(second, read, 0);
    pace.observe(last);
  }
  CHECK(last.rows[0].records_per_second == Approx(200));
}

TEST_CASE("Time left is unknown until it means something, then goes by the days done", "[progress]") {
  Pace pace;
  auto early = snapshot_at(0, 0, 10);
  pace.observe(early);
  auto soon = snapshot_at(5, 1000, 15);
  pace.observe(soon);
  CHECK_FALSE(soon.rows[0].time_left);
  CHECK_THAT(joined(render_progress(soon, 200, false)), Catch::Contains("estimating time left"));
  auto later = snapshot_at(20, 4000, 30); // a day a second, after a resume with 10 days done
  pace.observe(later);
  REQUIRE(later.rows[0].time_left);
  CHECK(later.rows[0].time_left->count() == 30);
  CHECK_THAT(joined(render_progress(later, 200, false)), Catch::Contains("30s left"));
}

TEST_CASE("A row that stands still says so and promises nothing", "[progress]") {
  Pace pace;
  ProgressSnapshot last;
  for (int second = 0; second < 400; ++second) {
    last = snapshot_at(second, 5000, second < 5 ? static_cast<std::uint32_t>(second) : 5);
    pace.observe(last);
  }
  CHECK(last.rows[0].records_per_second == 0);
  CHECK_FALSE(last.rows[0].time_left);
}

TEST_CASE("The display shows days, rate, exceptions and what the limiter waits for", "[progress]") {
  auto snapshot = snapshot_at(0, 1'234'567, 45);
  auto& row = snapshot.rows[0];
  row.days_parked = 1;
  row.exceptions = 3;
  row.migrated_back_to = parse_day("2025-10-02");
  row.counts[Outcome::excluded] = 12;
  row.records_per_second = 2345;
  row.wait = Wait{WaitCode::down, "storage", parse_instant("2025-11-01T12:30:00Z")};
  snapshot.apis = {{"storage", 500, 12, 32, "free", {}},
                   {"dialogporten", 120, 8, 32, "retry-after pause", parse_instant("2025-11-01T12:03:10Z")}};
  const auto lines = render_progress(snapshot, 200, false);
  REQUIRE(lines.size() == 4);
  CHECK_THAT(lines[0], Catch::StartsWith("a3-app-instances-historic  back to 2025-10-02, 46 of 60 days  ━") &&
                           Catch::EndsWith(" 76 %"));
  CHECK(lines[1] == "  waiting: Storage does not answer, next try 12:30 UTC · 2 345 records/s · estimating "
                    "time left · 3 exceptions · "
                    "1 day parked · 1 234 579 read · 12 excluded");
  CHECK(lines[2] == "storage       free · 500 requests/s allowed · 12 of 32 in flight");
  CHECK(lines[3] ==
        "dialogporten  retry-after pause, until 12:03:10 UTC · 120 requests/s allowed · 8 of 32 in flight");
}

TEST_CASE("A live row is one line: how far behind, what it carried, how fast", "[progress]") {
  auto snapshot = snapshot_at(0, 12'345, 0);
  auto& row = snapshot.rows[0];
  row.id = "a3-app-instances-live";
  row.history = false;
  row.records_per_second = 210;
  row.live_lag = std::chrono::milliseconds{3400};
  CHECK(render_progress(snapshot, 200, false) ==
        std::vector<std::string>{"a3-app-instances-live  live, 3 s behind · 12 345 changes · 210/s"});
  CHECK(progress_line(snapshot) == "12:26:40  a3-app-instances-live: live, 3 s behind, 210 records/s");
  row.live_lag = std::chrono::minutes{75};
  row.wait = Wait{WaitCode::down, "storage", parse_instant("2025-11-01T12:30:00Z")};
  row.records_per_second = 0;
  row.exceptions = 2;
  row.in_flight = 17;
  CHECK(render_progress(snapshot, 200, false).at(0) ==
        "a3-app-instances-live  live, 1h15m behind · waiting: Storage does not answer, next try 12:30 UTC · "
        "12 345 changes · 0/s · "
        "2 exceptions · 17 in flight");
  row.live_lag.reset();
  CHECK_THAT(render_progress(snapshot, 200, false).at(0), Catch::Contains("  live, catching up · "));
}

TEST_CASE("No line is wider than the terminal, with and without colour", "[progress]") {
  auto snapshot = snapshot_at(0, 1'234'567, 45);
  snapshot.rows[0].wait = Wait{WaitCode::asked, "dialogporten", start};
  snapshot.apis = {{"storage", 500, 12, 32, "configured rate", {}}};
  snapshot.draining = true;
  for (unsigned width = 0; width < 130; ++width) {
    for (const auto& line : render_progress(snapshot, width, false))
      CHECK(columns(line) <= width);
    for (auto line : render_progress(snapshot, width, true)) {
      for (auto at = line.find('\x1b'); at != std::string::npos; at = line.find('\x1b'))
        line.erase(at, line.find('m', at) - at + 1);
      CHECK(columns(line) <= width);
    }
  }
}

TEST_CASE("Without colour there is no escape in a line", "[progress]") {
  auto snapshot = snapshot_at(0, 10, 45);
  snapshot.rows[0].exceptions = 1;
  CHECK(joined(render_progress(snapshot, 120, false)).find('\x1b') == std::string::npos);
  CHECK(joined(render_progress(snapshot, 120, true)).find('\x1b') != std::string::npos);
}

TEST_CASE("One line says it all where nobody watches", "[progress]") {
  auto snapshot = snapshot_at(0, 100, 60);
  snapshot.rows[0].records_per_second = 1.5;
  snapshot.rows[0].exceptions = 1;
  snapshot.apis = {{"storage", 0, 0, 32, "free", {}}, {"dialogporten", 9, 1, 32, "found limit", {}}};
  CHECK(progress_line(snapshot) == "12:26:40  a3-app-instances-historic: 60 of 60 days, 1.5 records/s, done, "
                                   "1 exception  dialogporten: found limit");
}

TEST_CASE("Spans of time are short", "[progress]") {
  using namespace std::chrono_literals;
  CHECK(span_text(59s) == "59s");
  CHECK(span_text(125s) == "2m05s");
  CHECK(span_text(2h + 3min) == "2h03m");
  CHECK(span_text(49h) == "2d01h");
}

TEST_CASE("On a terminal the block is redrawn in place, and log lines scroll above it", "[progress]") {
  std::ostringstream out;
  ProgressDisplay display(out, ProgressDisplay::Mode::block, false, [] { return TerminalSize{100, 24}; });
  display.show(snapshot_at(0, 1, 1));
  const auto first = out.str();
  CHECK(first.find('\x1b') == std::string::npos);
  display.print("a log line\n");
  const auto second = out.str().substr(first.size());
  CHECK(second == "\x1b[2A\r\x1b[Ja log line\n" + first);
  out.str("");
  display.show(snapshot_at(1, 2, 2));
  CHECK_THAT(out.str(), Catch::StartsWith("\x1b[2A\r\x1b[J"));
  display.finish();
  out.str("");
  display.print("the end\n");
  CHECK(out.str() == "the end\n");
}

TEST_CASE("Elsewhere there is a line every five seconds, and none when it is switched off", "[progress]") {
  std::ostringstream out;
  ProgressDisplay lines(out, ProgressDisplay::Mode::lines, false, [] { return TerminalSize{}; });
  for (int half = 0; half < 22; ++half)
    lines.show(snapshot_at(half / 2.0, 1, 1));
  const auto text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  out.str("");
  ProgressDisplay off(out, ProgressDisplay::Mode::off, false, [] { return TerminalSize{}; });
  off.show(snapshot_at(0, 1, 1));
  off.print("still said\n");
  CHECK(out.str() == "still said\n");
}

TEST_CASE("A low terminal gets as much as fits", "[progress]") {
  std::ostringstream out;
  ProgressDisplay display(out, ProgressDisplay::Mode::block, false, [] { return TerminalSize{100, 2}; });
  display.show(snapshot_at(0, 1, 1));
  const auto text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}
