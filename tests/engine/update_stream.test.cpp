#include <dialogferry/engine/update_stream.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace std::chrono_literals;

namespace {

const Instant begin = *parse_instant("2025-11-15T00:00:00Z");

Uuid id_of(unsigned n) {
  return sub_id(Uuid{}, std::to_string(n));
}

RowHead row(unsigned n, std::chrono::milliseconds after) {
  return {id_of(n), begin + after};
}

UpdateStream stream_from(std::optional<Checkpoint> cursor = std::nullopt) {
  UpdateStream stream("ttd", begin, std::move(cursor), 10s);
  stream.begin();
  return stream;
}

} // namespace

TEST_CASE("A stream hands out what is new, in order, and its cursor follows what is done",
          "[engine][stream]") {
  auto stream = stream_from();
  CHECK(stream.next().from == begin);
  const std::vector rows = {row(1, 1s), row(2, 2s), row(3, 3s)};
  const auto fresh = stream.on_page(rows, "");
  REQUIRE(fresh.size() == 3);
  CHECK_FALSE(stream.polling());
  CHECK(stream.oldest() == begin + 1s);
  stream.done(fresh[1].ticket);
  CHECK_FALSE(stream.take_cursor()); // the first is not done
  stream.done(fresh[0].ticket);
  CHECK(stream.take_cursor() == Checkpoint{begin + 2s, {id_of(2)}});
  CHECK_FALSE(stream.take_cursor());
  stream.done(fresh[2].ticket);
  CHECK(stream.take_cursor() == Checkpoint{begin + 3s, {id_of(3)}});
  CHECK_FALSE(stream.waiting());
}

TEST_CASE("Each reading goes back by the overlap, and passes by what was handed out",
          "[engine][stream][D-12]") {
  auto stream = stream_from();
  const std::vector first = {row(1, 20s), row(2, 30s)};
  for (const auto& fresh : stream.on_page(first, ""))
    stream.done(fresh.ticket);
  stream.begin();
  CHECK(stream.next().from == begin + 20s);
  const std::vector again = {row(1, 20s), row(7, 25s), row(2, 30s),
                             row(1, 31s)}; // one came late, one changed
  const auto fresh = stream.on_page(again, "");
  REQUIRE(fresh.size() == 2);
  CHECK(fresh[0].index == 1);
  CHECK(fresh[1].index == 3);
}

TEST_CASE("A stream does not go back into what is history's", "[engine][stream]") {
  auto stream = stream_from(Checkpoint{begin + 3s, {}});
  CHECK(stream.next().from == begin);
}

TEST_CASE("Records at the time of the cursor are not handed out again after a restart", "[engine][stream]") {
  UpdateStream stream("ttd", begin, Checkpoint{begin + 60s, {id_of(1), id_of(2)}}, 0s);
  stream.begin();
  const std::vector rows = {row(1, 60s), row(2, 60s), row(3, 60s)};
  const auto fresh = stream.on_page(rows, "");
  REQUIRE(fresh.size() == 1);
  CHECK(fresh[0].index == 2);
  stream.done(fresh[0].ticket);
  CHECK(stream.take_cursor() == Checkpoint{begin + 60s, {id_of(1), id_of(2), id_of(3)}});
}

TEST_CASE("A row that stands before its own time does not carry the cursor past those behind it",
          "[engine][stream][storage 2.8]") {
  auto stream = stream_from();
  const std::vector first = {row(1, 1s), row(2, 3600s)}; // set back: listed at the second second
  for (const auto& fresh : stream.on_page(first, "more"))
    stream.done(fresh.ticket);
  CHECK(stream.take_cursor()->at == begin + 1s);
  CHECK(stream.next().token == "more");
  const std::vector second = {row(3, 2s), row(4, 5s)};
  for (const auto& fresh : stream.on_page(second, ""))
    stream.done(fresh.ticket);
  CHECK(stream.take_cursor()->at == begin + 5s);
}

TEST_CASE("Whatever is listed when, and wherever the stream is begun again, nothing is left out",
          "[engine][stream][property]") {
  std::mt19937 random(2025);
  const auto below = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random); };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<Instant, RowHead>> listed; // by the time they are listed at
    std::set<Uuid> carried;
    std::optional<Checkpoint> saved;
    unsigned next = 1;
    auto stream = stream_from();
    std::vector<std::pair<std::uint64_t, Uuid>> handed;
    for (int step = 0; step < 30; ++step) {
      for (unsigned made = below(6); made > 0; --made) { // at most the overlap late, ties among them
        const auto late = static_cast<int>(below(9)) * 1000;
        const auto time = std::chrono::milliseconds(std::max(0, step * 3000 + 3000 - late));
        listed.emplace_back(begin + time, RowHead{id_of(next++), begin + time});
      }
      std::stable_sort(listed.begin(), listed.end(), [](auto& a, auto& b) { return a.first < b.first; });
      stream.begin();
      const auto from = stream.next().from;
      std::vector<RowHead> rows;
      for (const auto& [at, head] : listed)
        if (at >= from) rows.push_back(head);
      const std::size_t size = 1 + below(4);
      for (std::size_t at = 0; stream.polling(); at += size) {
        const auto end = std::min(rows.size(), at + size);
        const std::vector page(rows.begin() + static_cast<std::ptrdiff_t>(std::min(at, end)),
                               rows.begin() + static_cast<std::ptrdiff_t>(end));
        for (const auto& fresh : stream.on_page(page, end < rows.size() ? "more" : ""))
          handed.emplace_back(fresh.ticket, page[fresh.index].id);
      }
      std::shuffle(handed.begin(), handed.end(), random);
      for (auto some = below(static_cast<unsigned>(handed.size()) + 1); some > 0; --some) {
        carried.insert(handed.back().second);
        stream.done(handed.back().first);
        handed.pop_back();
        if (auto cursor = stream.take_cursor()) saved = std::move(cursor);
      }
      if (below(6) == 0) { // killed: what was handed out and not done is forgotten
        handed.clear();
        stream = stream_from(saved);
      }
    }
    stream.begin();
    std::vector<RowHead> rest;
    for (const auto& [at, head] : listed)
      if (at >= stream.next().from) rest.push_back(head);
    for (const auto& fresh : stream.on_page(rest, ""))
      carried.insert(rest[fresh.index].id);
    for (const auto& [ticket, id] : handed)
      carried.insert(id);
    REQUIRE(carried.size() == next - 1);
  }
}
