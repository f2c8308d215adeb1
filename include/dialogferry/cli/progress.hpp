#pragma once

#include <dialogferry/model/progress_snapshot.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace dialogferry::cli {

/// Tells from snapshots one after another how fast each row goes and how long it will take. The rate is that
/// of the last ten seconds; the time left goes by the days done in the last five minutes, and stays unknown
/// until at least ten seconds and one per cent of the days have passed.
class Pace {
public:
  /// Fills `records_per_second` and `time_left`. Snapshots come in the order of their `as_of`.
  void observe(ProgressSnapshot& snapshot);

private:
  struct Point {
    Instant at;
    std::uint64_t read = 0;
    std::uint32_t days = 0;
  };
  struct Row {
    std::uint32_t days_at_start = 0;
    std::deque<Point> points;
  };

  static void measure(const Row& row, RowProgress& progress);

  std::map<std::string, Row> rows_;
};

/// The live display: two lines for each historic row, a line for each live row and each API, no line wider
/// than `width` columns.
std::vector<std::string> render_progress(const ProgressSnapshot& snapshot, unsigned width, bool colour);

/// The same in one line, where nobody watches a terminal.
std::string progress_line(const ProgressSnapshot& snapshot);

/// `1 234 567`
std::string grouped(std::uint64_t number);

/// `45s`, `12m30s`, `3h05m`, `2d04h`
std::string span_text(std::chrono::seconds span);

} // namespace dialogferry::cli
