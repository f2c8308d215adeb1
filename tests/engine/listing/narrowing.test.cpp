#include <dialogferry/engine/listing/narrowing.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

constexpr std::int64_t us = Instant::per_microsecond;
constexpr std::int64_t a_day = Instant::per_day;

/// A list some of whose rows cannot be read.
struct Source {
  struct Row {
    std::int64_t at;
    bool readable = true;
  };
  std::vector<Row> rows;
  std::size_t page_size = 100;
  bool down = false;
  int requests = 0;

  Narrowing::Answer answer(const Narrowing::Query& query) {
    ++requests;
    std::vector<Row> found;
    for (const auto& row : rows)
      if ((!query.from || row.at >= query.from->ticks) && (!query.before || row.at < query.before->ticks))
        found.push_back(row);
    std::stable_sort(found.begin(), found.end(),
                     [&](const Row& a, const Row& b) { return query.ascending ? a.at < b.at : a.at > b.at; });
    found.resize(std::min(found.size(), query.size != 0 ? query.size : page_size));
    const bool readable =
        std::all_of(found.begin(), found.end(), [](const Row& row) { return row.readable; });
    return {readable && !down, found.size()};
  }

  Narrowing::State look(Narrowing& narrowing) {
    while (narrowing.state() == Narrowing::State::looking && requests < 1'000)
      narrowing.on_answer(answer(narrowing.next()));
    return narrowing.state();
  }
};

} // namespace

TEST_CASE(
    "The window is halved down to the microsecond of the row that cannot be read: 36 requests for a day",
    "[engine][narrowing][OS-4]") {
  for (const auto order : {Narrowing::Order::newest_first, Narrowing::Order::oldest_first}) {
    std::mt19937_64 random{3};
    for (int round = 0; round < 100; ++round) {
      Source source;
      for (int i = 0; i < 300; ++i)
        source.rows.push_back({static_cast<std::int64_t>(random() % (a_day / us)) * us});
      std::sort(source.rows.begin(), source.rows.end(), [&](const auto& a, const auto& b) {
        return order == Narrowing::Order::newest_first ? a.at > b.at : a.at < b.at;
      });
      auto& bad = source.rows[random() % 100]; // of the first page
      bad.readable = false;
      if (round % 2 == 0) source.rows[150].readable = false; // the next one, behind it
      Narrowing narrowing(order, {0}, {a_day});
      CHECK(source.look(narrowing) == Narrowing::State::found);
      CHECK(narrowing.at() == Instant{bad.at});
      CHECK(source.requests <= 40);
    }
  }
}

TEST_CASE("What answers everything with 500 is an outage, not a row", "[engine][narrowing][OS-4]") {
  Source source;
  source.rows = {{5 * us}, {3'000 * us}};
  source.down = true;
  Narrowing narrowing(Narrowing::Order::newest_first, {0}, {a_day});
  CHECK(source.look(narrowing) == Narrowing::State::nothing);

  Source model; // cannot read any row any more, but empty lists
  model.rows = {{5 * us, false}, {7 * us, false}, {-4 * us, false}};
  Narrowing other(Narrowing::Order::newest_first, {0}, {a_day});
  CHECK(model.look(other) == Narrowing::State::nothing);
}

TEST_CASE("A page that can be read after all is nothing", "[engine][narrowing][OS-4]") {
  Source source;
  source.rows = {{5 * us}, {3'000 * us}};
  for (const auto order : {Narrowing::Order::newest_first, Narrowing::Order::oldest_first}) {
    Narrowing narrowing(order, {0}, {a_day});
    CHECK(source.look(narrowing) == Narrowing::State::nothing);
  }
}

TEST_CASE("The row at an end of its window, beside another one, or alone in the world is found",
          "[engine][narrowing][OS-4]") {
  const auto find = [](std::vector<Source::Row> rows) {
    Source source;
    source.rows = std::move(rows);
    Narrowing narrowing(Narrowing::Order::newest_first, {0}, {a_day});
    CHECK(source.look(narrowing) == Narrowing::State::found);
    return narrowing.at().ticks;
  };
  CHECK(find({{a_day - us, false}, {5 * us}}) == a_day - us);
  CHECK(find({{0, false}, {5 * us}}) == 0);
  CHECK(find({{0, false}, {-a_day}}) == 0);
  CHECK(find({{7 * us, false}}) == 7 * us);
  CHECK(find({{7 * us, false}, {6 * us, false}, {-a_day}, {2 * a_day}}) == 7 * us);
  CHECK(find({{a_day - us, false}, {2 * a_day}}) == a_day - us);
}

TEST_CASE("A window of one microsecond is asked for once more", "[engine][narrowing][OS-4]") {
  Narrowing narrowing(Narrowing::Order::newest_first, {40}, {50});
  CHECK(narrowing.next() == Narrowing::Query{Instant{40}, Instant{50}, false, 0});
  narrowing.on_answer({false, 0});
  CHECK(narrowing.next() == Narrowing::Query{std::nullopt, Instant{40}, false, 1});
  narrowing.on_answer({false, 0});
  CHECK(narrowing.next() == Narrowing::Query{Instant{50}, std::nullopt, true, 1});
  narrowing.on_answer({true, 0});
  CHECK(narrowing.state() == Narrowing::State::nothing);
}

TEST_CASE("An unreadable row goes by its time and its organisation", "[engine][narrowing][OS-4]") {
  const auto at = *parse_instant("2026-02-11T12:00:00.123456Z");
  CHECK(unreadable_id(at, "ttd") == "unreadable at 2026-02-11T12:00:00.123456Z, ttd");
  CHECK(unreadable_at(unreadable_id(at, "ttd")) == at);
  CHECK_FALSE(unreadable_at("50001234/0dbc1da6-f744-4fff-83bc-000000000001"));
}
