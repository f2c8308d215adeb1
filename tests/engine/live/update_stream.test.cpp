#include <dialogferry/engine/live/update_stream.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t second = Instant::per_second;

Uuid id_of(std::uint32_t n) {
  Uuid id;
  for (int i = 0; i < 4; ++i)
    id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return id;
}

RowHead head(std::uint32_t n, std::int64_t seconds) {
  return {id_of(n), {seconds * second}};
}

struct Row {
  std::uint32_t number; ///< also the row id, which rises with insertion
  std::int64_t column;  ///< what the list sorts and filters by, ticks
  std::int64_t json;    ///< what the row says
};

/// The ascending list of Storage as it behaves: by column and row id; a token continues behind the JSON time
/// of the last row (storage.md 1.4).
struct Listing {
  std::vector<Row> rows;
  std::size_t page_size = 4;

  std::vector<Row> page(const UpdateStream::Query& query, std::string& next) const {
    std::vector<Row> found;
    auto after = std::make_pair(query.from.ticks, std::int64_t{-1});
    if (!query.token.empty()) {
      const auto semicolon = query.token.find(';');
      after = {std::stoll(query.token), std::stoll(query.token.substr(semicolon + 1))};
    }
    for (const auto& row : rows)
      if (row.column >= query.from.ticks && place(row) > after) found.push_back(row);
    std::sort(found.begin(), found.end(), [](const Row& a, const Row& b) { return place(a) < place(b); });
    next.clear();
    const std::size_t size = query.size != 0 ? query.size : page_size;
    if (found.size() >= size) {
      found.resize(size);
      next = std::to_string(found.back().json) + ';' + std::to_string(found.back().number);
    }
    return found;
  }

private:
  static std::pair<std::int64_t, std::int64_t> place(const Row& row) { return {row.column, row.number}; }
};

std::vector<RowHead> heads(const std::vector<Row>& rows) {
  std::vector<RowHead> out;
  for (const auto& row : rows)
    out.push_back({id_of(row.number), {row.json}});
  return out;
}

UpdateStream stream_from(std::int64_t seconds, std::chrono::milliseconds overlap = 10s) {
  return UpdateStream("ttd", {seconds * second}, std::nullopt, overlap);
}

/// Reads to the end of a poll. What was new, in order.
std::vector<std::uint32_t> poll(UpdateStream& stream, const Listing& list,
                                std::map<std::uint32_t, std::uint64_t>* tickets = nullptr) {
  std::vector<std::uint32_t> fresh;
  stream.begin();
  for (int pages = 0; stream.polling(); ++pages) {
    REQUIRE(pages < 1000);
    std::string next;
    const auto rows = list.page(stream.next(), next);
    for (const auto& one : stream.on_page(heads(rows), next)) {
      fresh.push_back(rows[one.index].number);
      if (tickets != nullptr) (*tickets)[rows[one.index].number] = one.ticket;
    }
  }
  return fresh;
}

} // namespace

TEST_CASE("A stream hands out each row once, in the order of the list", "[engine][stream]") {
  auto stream = stream_from(0);
  Listing list;
  for (std::uint32_t i = 0; i < 11; ++i)
    list.rows.push_back({i, (i / 3) * second, (i / 3) * second});
  CHECK(poll(stream, list) == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(poll(stream, list).empty());
  list.rows.push_back({11, 2 * second, 2 * second}); // visible late
  CHECK(poll(stream, list) == std::vector<std::uint32_t>{11});
}

TEST_CASE("A changed row is a row of its own", "[engine][stream]") {
  auto stream = stream_from(0);
  Listing list{{{1, 5 * second, 5 * second}}};
  CHECK(poll(stream, list).size() == 1);
  list.rows[0].column = list.rows[0].json = 6 * second;
  CHECK(poll(stream, list).size() == 1);
}

TEST_CASE("The cursor waits for the oldest row that is not done", "[engine][stream]") {
  auto stream = stream_from(0);
  stream.begin();
  const std::vector<RowHead> rows = {head(1, 10), head(2, 20), head(3, 30)};
  const auto fresh = stream.on_page(rows, "");
  REQUIRE(fresh.size() == 3);
  CHECK_FALSE(stream.take_cursor());
  stream.done(fresh[1].ticket);
  stream.done(fresh[2].ticket);
  CHECK_FALSE(stream.take_cursor());
  CHECK(stream.oldest() == Instant{10 * second});
  stream.done(fresh[0].ticket);
  stream.done(fresh[0].ticket); // twice is as once
  const auto cursor = stream.take_cursor();
  REQUIRE(cursor);
  CHECK(cursor->at == Instant{30 * second});
  CHECK(cursor->tie_ids == std::vector<Uuid>{id_of(3)});
  CHECK_FALSE(stream.take_cursor());
  CHECK_FALSE(stream.waiting());
  CHECK_FALSE(stream.oldest());
}

TEST_CASE(
    "At equal times the cursor names what is done; a stream that goes on from it looks at that once more, "
    "since its content may have changed",
    "[engine][stream][OS-2]") {
  auto stream = stream_from(0, 0ms);
  stream.begin();
  const std::vector<RowHead> rows = {head(1, 10), head(2, 10), head(3, 10)};
  const auto fresh = stream.on_page(rows, "");
  stream.done(fresh[0].ticket);
  stream.done(fresh[1].ticket);
  const auto cursor = stream.take_cursor();
  REQUIRE(cursor);
  CHECK(cursor->tie_ids == std::vector<Uuid>{id_of(1), id_of(2)});

  UpdateStream next("ttd", {0}, cursor, 0ms);
  next.begin();
  CHECK(next.next().from == Instant{10 * second});
  CHECK(next.on_page(rows, "").size() == 3);
}

TEST_CASE("A row of the overlap that says something else at the same time is handed out again",
          "[engine][stream][OS-2]") {
  auto stream = stream_from(0);
  const auto poll_once = [&](std::uint64_t content) {
    stream.begin();
    const std::vector<RowHead> rows = {{id_of(1), {10 * second}, 5}, {id_of(2), {11 * second}, content}};
    return stream.on_page(rows, "");
  };
  CHECK(poll_once(7).size() == 2);
  CHECK(poll_once(7).empty());
  const auto changed = poll_once(8);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].index == 1);
  CHECK(poll_once(8).empty());
  CHECK(poll_once(7).size() == 1);
}

TEST_CASE("A poll goes back by the overlap, never before the stream's begin", "[engine][stream]") {
  UpdateStream late("ttd", {0}, Checkpoint{{100 * second}, {}}, 30s);
  late.begin();
  CHECK(late.next().from == Instant{70 * second});
  UpdateStream early("ttd", {90 * second}, Checkpoint{{100 * second}, {}}, 30s);
  early.begin();
  CHECK(early.next().from == Instant{90 * second});
}

TEST_CASE("A row visible late holds back what comes behind it, not what is behind it already",
          "[engine][stream]") {
  auto stream = stream_from(0);
  stream.begin();
  stream.done(stream.on_page(std::vector{head(1, 20)}, "").at(0).ticket);
  CHECK(stream.take_cursor()->at == Instant{20 * second});
  stream.begin();
  const auto fresh = stream.on_page(std::vector{head(2, 15), head(1, 20), head(3, 25)}, "");
  REQUIRE(fresh.size() == 2);
  stream.done(fresh[1].ticket);
  CHECK_FALSE(stream.take_cursor());
  stream.done(fresh[0].ticket);
  CHECK(stream.take_cursor()->at == Instant{25 * second});
}

TEST_CASE("A poll that fails is begun anew, and what it had handed out is not handed out again",
          "[engine][stream]") {
  auto stream = stream_from(0);
  stream.begin();
  CHECK(stream.on_page(std::vector{head(1, 20), head(2, 21)}, "more").size() == 2);
  stream.give_up();
  CHECK_FALSE(stream.polling());
  stream.begin();
  CHECK(stream.next().token.empty());
  CHECK(stream.next().from == Instant{0});
  const auto fresh = stream.on_page(std::vector{head(1, 20), head(2, 21), head(3, 22)}, "");
  REQUIRE(fresh.size() == 1);
  CHECK(fresh[0].index == 2);
}

TEST_CASE("A row that stands out of order at the end of a page skips nothing",
          "[engine][stream][storage 2.8]") {
  auto stream = stream_from(0);
  Listing list;
  for (std::uint32_t i = 0; i < 12; ++i)
    list.rows.push_back({i, i * second, i * second});
  list.rows[3].json = 1000 * second;
  CHECK(poll(stream, list).size() == 12);
}

TEST_CASE("The cursor does not go by the time of a row that stands out of order",
          "[engine][stream][storage 2.8]") {
  auto stream = stream_from(0);
  stream.begin();
  const auto fresh =
      stream.on_page(std::vector{head(1, 10), head(2, 500), head(3, 600), head(4, 11), head(5, 12)}, "");
  for (int i = 0; i < 3; ++i)
    stream.done(fresh[static_cast<std::size_t>(i)].ticket);
  CHECK(stream.take_cursor()->at == Instant{10 * second});
  stream.done(fresh[3].ticket);
  CHECK(stream.take_cursor()->at == Instant{11 * second});
}

TEST_CASE("Rows of one time that fill more than a page are all read", "[engine][stream]") {
  auto stream = stream_from(0);
  Listing list;
  for (std::uint32_t i = 0; i < 23; ++i)
    list.rows.push_back({i, 7 * second, 7 * second});
  list.rows.push_back({23, 8 * second, 8 * second});
  CHECK(poll(stream, list).size() == 24);
}

TEST_CASE("Rows of one time that fill pages whose last rows are set back are all read",
          "[engine][stream][storage 2.8][OS-3]") {
  auto stream = stream_from(0);
  Listing list;
  list.page_size = 20;
  for (std::uint32_t i = 0; i < 1'000; ++i)
    list.rows.push_back({i, 7 * second, i % 20 >= 15 ? 90 * second : 7 * second});
  list.rows.push_back({1'000, 8 * second, 8 * second});
  CHECK(poll(stream, list).size() == 1'001);
  CHECK(poll(stream, list).empty());
}

TEST_CASE("A page of which no row says where the list is ends its poll as one that failed",
          "[engine][stream][OS-3]") {
  auto stream = stream_from(7);
  stream.begin();
  std::vector<RowHead> rows;
  for (std::uint32_t i = 0; i < 4; ++i)
    rows.push_back(head(i, 90'000 - i));
  CHECK(stream.on_page(rows, "more").size() == 4);
  CHECK(stream.next().size == 8);
  CHECK(stream.next().token.empty());
  for (std::uint32_t i = 4; i < most_rows_asked; ++i)
    rows.push_back(head(i, 90'000 - i));
  stream.on_page(rows, "more");
  CHECK(stream.is_stuck());
  CHECK_FALSE(stream.polling());
}

TEST_CASE("Times are finer than the list's column: what is asked for is not", "[engine][stream]") {
  UpdateStream stream("ttd", {0}, Checkpoint{{100 * second + 1234567}, {}}, 0ms);
  stream.begin();
  CHECK(stream.next().from == Instant{100 * second + 1234560});
}

TEST_CASE("Whatever comes late, ties, stands out of order or ends the process: each row is carried, and no "
          "cursor leaves a row behind",
          "[engine][stream][property]") {
  constexpr std::int64_t overlap = 20 * second;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    INFO("seed " << seed);
    const bool has_ties = seed % 2 == 0;
    std::mt19937 random(seed);
    const auto below = [&](std::int64_t n) {
      return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
    };
    Listing list;
    list.page_size = 3 + static_cast<std::size_t>(below(5));
    std::int64_t now = 1000 * second;
    std::set<std::uint32_t> carried;
    std::optional<Checkpoint> kept;
    const Instant begin{now};
    std::optional<UpdateStream> stream;
    std::map<std::uint32_t, std::uint64_t> under_way;

    const auto add = [&](std::int64_t earliest) {
      const auto number = static_cast<std::uint32_t>(list.rows.size());
      auto column = std::max(begin.ticks, earliest + below((now - earliest) / second + 1) * second);
      if (!has_ties) column += number * Instant::per_microsecond;
      list.rows.push_back({number, column, column});
    };
    /// Some rows say a later time than they are listed by; none beside another.
    const auto race = [&](std::size_t first) {
      if (has_ties) return;
      std::vector<Row*> listed;
      for (auto& row : list.rows)
        listed.push_back(&row);
      std::sort(listed.begin(), listed.end(),
                [](const Row* a, const Row* b) { return a->column < b->column; });
      const auto is_late = [&](std::size_t i) {
        return i < listed.size() && listed[i]->json != listed[i]->column;
      };
      for (std::size_t i = 0; i < listed.size(); ++i) {
        auto& row = *listed[i];
        if (row.number < first || row.column >= now || below(3) > 0) continue;
        if (!is_late(i - 1) && !is_late(i + 1)) row.json += below(now - row.column) + 1;
      }
    };
    const auto restart = [&] {
      stream.emplace("ttd", begin, kept, std::chrono::milliseconds{overlap / Instant::per_millisecond});
      under_way.clear();
    };
    const auto read = [&] {
      if (!stream->polling()) stream->begin();
      std::string next;
      const auto rows = list.page(stream->next(), next);
      for (const auto& fresh : stream->on_page(heads(rows), next))
        under_way[rows[fresh.index].number] = fresh.ticket;
    };
    const auto finish_one = [&] {
      if (under_way.empty()) return;
      const auto one = std::next(under_way.begin(), below(static_cast<std::int64_t>(under_way.size())));
      stream->done(one->second);
      carried.insert(one->first);
      under_way.erase(one);
      if (auto cursor = stream->take_cursor()) kept = std::move(cursor);
    };
    const auto nothing_left_behind = [&] {
      if (!kept) return;
      const auto behind = std::find_if(list.rows.begin(), list.rows.end(), [&](const Row& row) {
        return row.column < kept->at.ticks - overlap && !carried.contains(row.number);
      });
      if (behind != list.rows.end()) FAIL("row " << behind->number << " is left behind");
    };

    restart();
    for (int step = 0; step < 250; ++step) {
      switch (below(12)) {
      case 0: // what was under way is lost; things change before the next process is there
        restart();
        if (below(2) == 0) {
          const auto earliest = now;
          const auto first = list.rows.size();
          now += 300 * second;
          for (auto more = below(30); more > 0; --more)
            add(earliest);
          race(first);
        }
        break;
      case 1:
      case 2: now += below(8) * second; break;
      case 3:
      case 4: add(now - overlap + second); break; // its transaction was slow
      case 5: add(now); break;
      case 6:
      case 7:
      case 8: read(); break;
      case 9:
        if (below(4) == 0) stream->give_up();
        break;
      default: finish_one();
      }
      nothing_left_behind();
    }
    for (int quiet = 0; quiet < 3; ++quiet) {
      do
        read();
      while (stream->polling());
      while (!under_way.empty())
        finish_one();
      nothing_left_behind();
    }
    CHECK(carried.size() == list.rows.size());
    REQUIRE(kept.has_value() == !list.rows.empty());
  }
}
