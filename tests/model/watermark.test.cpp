#include <dialogferry/model/watermark.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

namespace {

/// The watermark of the days 10 to 20, from one letter a day, newest first: complete, parked, running,
/// waiting. A dot stands for a day that is not in the list.
Watermark of(std::string_view newest_first) {
  std::vector<DayMark> marks;
  Day day{20};
  for (const char letter : newest_first) {
    if (letter != '.')
      marks.push_back({day, letter == 'c'   ? DayState::complete
                            : letter == 'p' ? DayState::parked
                            : letter == 'r' ? DayState::running
                                            : DayState::waiting});
    day = day.previous();
  }
  return watermark({10}, {20}, marks);
}

} // namespace

TEST_CASE("The watermark is the oldest day from which every day up to the cut-over is done", "[watermark]") {
  CHECK(of("") == Watermark{});
  CHECK(of("c") == Watermark{Day{20}, {}});
  CHECK(of("ccc") == Watermark{Day{18}, {}});
  CHECK(of("ccrcc") == Watermark{Day{19}, {}});
  CHECK(of("ccwcc") == Watermark{Day{19}, {}});
  CHECK(of("cc.cc") == Watermark{Day{19}, {}});
  CHECK(of("rccc") == Watermark{});
  CHECK(of(".ccc") == Watermark{});
  CHECK(of("ccccccccccc") == Watermark{Day{10}, {}});
}

TEST_CASE("Parked days are exceptions behind which the watermark goes on", "[watermark]") {
  CHECK(of("cpc") == Watermark{Day{18}, {Day{19}}});
  CHECK(of("cpcpr") == Watermark{Day{17}, {Day{19}, Day{17}}});
  CHECK(of("p") == Watermark{Day{20}, {Day{20}}});
  CHECK(of("crp") == Watermark{Day{20}, {}});
}

TEST_CASE("Days outside of the range do not move the watermark", "[watermark]") {
  CHECK(of("cccccccccccccpp") == Watermark{Day{10}, {}});
  const std::vector<DayMark> newer = {
      {{22}, DayState::running}, {{21}, DayState::parked}, {{20}, DayState::complete}};
  CHECK(watermark({10}, {20}, newer) == Watermark{Day{20}, {}});
}
