#include <dialogferry/engine/history/scan.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

struct Row {
  Uuid id;
  std::int64_t column; ///< what the list sorts and filters by, ticks
  std::int64_t json;   ///< what the row says
  std::int64_t row_id;
};

Uuid id_of(std::uint32_t n) {
  Uuid id;
  for (int i = 0; i < 4; ++i)
    id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return id;
}

/// The list of Storage as it behaves: sorted by time, at equal times by row id ascending in both directions.
struct Listing {
  std::vector<Row> rows;
  std::size_t page_size = 5;

  std::vector<Row> page(Instant from, Instant before, std::size_t size, bool& more) const {
    std::vector<Row> found;
    for (const auto& row : rows)
      if (row.column >= from.ticks && row.column < before.ticks) found.push_back(row);
    std::sort(found.begin(), found.end(), [](const Row& a, const Row& b) {
      return a.column != b.column ? a.column > b.column : a.row_id < b.row_id;
    });
    more = found.size() >= size;
    if (more) found.resize(size);
    return found;
  }

  /// A token goes on behind the time that the last row says (storage.md 1.4).
  std::vector<Row> tie(Instant at, const std::string& token, std::size_t size, std::string& next) const {
    std::vector<Row> found;
    for (const auto& row : rows)
      if (row.column == at.ticks && (token.empty() || is_behind(row, token))) found.push_back(row);
    std::sort(found.begin(), found.end(), [](const Row& a, const Row& b) { return a.row_id < b.row_id; });
    next.clear();
    if (found.size() >= size) {
      found.resize(size);
      next = std::to_string(found.back().json) + ';' + std::to_string(found.back().row_id);
    }
    return found;
  }

private:
  static bool is_behind(const Row& row, const std::string& token) {
    const auto at = std::stoll(token);
    return row.column != at ? row.column > at : row.row_id > std::stoll(token.substr(token.find(';') + 1));
  }
};

std::vector<RowHead> heads(const std::vector<Row>& rows) {
  std::vector<RowHead> out;
  for (const auto& row : rows)
    out.push_back({row.id, {row.json}});
  return out;
}

/// Scans to the end or until `stop_after` batches; how often each row was handed on, and the last checkpoint.
struct Scanned {
  std::map<Uuid, int> times;
  Checkpoint checkpoint;
  int batches = 0;
  int requests = 0;
};

void scan_on(const Listing& listing, Scan& scan, Scanned& out, int stop_after = 1 << 30) {
  std::vector<Row> page;
  while (const auto query = scan.next()) {
    std::optional<ScanBatch> batch;
    std::vector<Row> ties;
    const std::size_t size = query->size != 0 ? query->size : listing.page_size;
    ++out.requests;
    if (query->kind == ListQuery::Kind::page) {
      bool more = false;
      page = listing.page(query->from, query->before, size, more);
      auto step = scan.on_page(heads(page), more);
      REQUIRE(step.has_value());
      batch = *step;
    } else {
      std::string next;
      ties = listing.tie(query->at, query->token, size, next);
      auto step = scan.on_tie(heads(ties), next);
      REQUIRE(step.has_value());
      batch = *step;
    }
    if (!batch) continue;
    for (const auto i : batch->from_page)
      ++out.times[page[i].id];
    for (const auto i : batch->from_tie)
      ++out.times[ties[i].id];
    out.checkpoint = batch->checkpoint;
    if (batch->from_page.empty() && batch->from_tie.empty()) continue;
    if (++out.batches >= stop_after) return;
  }
}

constexpr std::int64_t us = Instant::per_microsecond;

Listing random_listing(std::mt19937& random, std::size_t size, std::int64_t distinct) {
  Listing listing;
  listing.page_size = 1 + random() % 9;
  for (std::uint32_t i = 0; i < size; ++i) {
    const auto at = static_cast<std::int64_t>(random() % static_cast<unsigned>(distinct)) * us;
    listing.rows.push_back({id_of(i), at, at, static_cast<std::int64_t>(random() % 100'000) * 1000 + i});
  }
  return listing;
}

} // namespace

TEST_CASE("A scan hands on every row once, whatever the ties and page sizes", "[engine][scan]") {
  std::mt19937 random{7};
  for (int round = 0; round < 400; ++round) {
    const auto listing = random_listing(random, random() % 60, static_cast<std::int64_t>(1 + random() % 40));
    Scan scan({0}, {40 * us}, {{40 * us}, {}});
    Scanned scanned;
    scan_on(listing, scan, scanned);
    CHECK(scan.done());
    CHECK(scanned.times.size() == listing.rows.size());
    for (const auto& [id, times] : scanned.times)
      CHECK(times == 1);
  }
}

TEST_CASE("A scan resumed from any checkpoint neither loses nor repeats", "[engine][scan]") {
  std::mt19937 random{11};
  for (int round = 0; round < 400; ++round) {
    const auto listing =
        random_listing(random, 1 + random() % 60, static_cast<std::int64_t>(1 + random() % 20));
    Scanned scanned;
    Checkpoint checkpoint{{20 * us}, {}};
    for (int restarts = 0; restarts < 200; ++restarts) {
      Scan scan({0}, {20 * us}, checkpoint);
      scan_on(listing, scan, scanned, scanned.batches + 3 + static_cast<int>(random() % 4));
      checkpoint = scanned.checkpoint;
      if (scan.done()) break;
    }
    CHECK(scanned.times.size() == listing.rows.size());
    for (const auto& [id, times] : scanned.times)
      CHECK(times == 1);
  }
}

TEST_CASE("A row listed below its own time is carried once and is never a cursor", "[engine][scan]") {
  std::mt19937 random{13};
  for (int round = 0; round < 300; ++round) {
    auto listing = random_listing(random, 40, 30);
    listing.page_size = 8 + random() % 6;
    for (auto& row : listing.rows)
      if (random() % 12 == 0) row.json = row.column + static_cast<std::int64_t>(random() % 50) * us;
    Scan scan({0}, {30 * us}, {{30 * us}, {}});
    Scanned scanned;
    scan_on(listing, scan, scanned);
    CHECK(scanned.times.size() == listing.rows.size());
    for (const auto& [id, times] : scanned.times)
      CHECK(times == 1);
  }
}

TEST_CASE("Rows set back at every page's end of a tie group: every row is handed on once",
          "[engine][scan][OS-3]") {
  for (const std::size_t page_size : {7, 50, 100}) {
    Listing listing;
    listing.page_size = page_size;
    for (std::uint32_t i = 0; i < 1'000; ++i) {
      const bool is_set_back = i % page_size == page_size - 1 || i % page_size == page_size - 2;
      listing.rows.push_back({id_of(i), 20 * us, (is_set_back ? 39 : 20) * us, i});
    }
    listing.rows.push_back({id_of(1'000), 30 * us, 30 * us, 0});
    listing.rows.push_back({id_of(1'001), 10 * us, 10 * us, 0});
    Scan scan({0}, {40 * us}, {{40 * us}, {}});
    Scanned scanned;
    scan_on(listing, scan, scanned);
    CHECK(scan.done());
    CHECK(scanned.times.size() == listing.rows.size());
    for (const auto& [id, times] : scanned.times)
      CHECK(times == 1);
    CHECK(scanned.requests <= static_cast<int>(2 * (1'000 / (page_size - 2) + 1) + 3));
  }
}

TEST_CASE("Whatever rows of whatever tie groups are set back, every row is handed on once",
          "[engine][scan][OS-3][property]") {
  std::mt19937 random{17};
  for (int round = 0; round < 400; ++round) {
    auto listing = random_listing(random, random() % 80, static_cast<std::int64_t>(1 + random() % 6));
    const auto one_in = 1 + random() % 4; // 1: all of them
    for (auto& row : listing.rows)
      if (random() % one_in == 0) row.json += static_cast<std::int64_t>(random() % 50) * us;
    Scan scan({0}, {40 * us}, {{40 * us}, {}});
    Scanned scanned;
    scan_on(listing, scan, scanned);
    CHECK(scan.done());
    CHECK(scanned.times.size() == listing.rows.size());
    for (const auto& [id, times] : scanned.times)
      CHECK(times == 1);
  }
}

TEST_CASE("A page whose rows are all set back is asked for in twice the size, at last stopped with a problem",
          "[engine][scan][OS-3]") {
  Scan scan({0}, {10 * us}, {{10 * us}, {}});
  std::vector<RowHead> rows = {{id_of(1), {12 * us}}, {id_of(2), {11 * us}}};
  REQUIRE(scan.on_page(rows, true).has_value());
  CHECK(scan.next()->size == 4);
  CHECK_FALSE(Scan(scan).on_page(rows, true).has_value()); // the source does not give so many
  rows.resize(most_rows_asked, {id_of(3), {11 * us}});
  const auto step = scan.on_page(rows, true);
  REQUIRE_FALSE(step.has_value());
  CHECK(step.error().member == "instances.lastChanged");
}

TEST_CASE("A page that lists what is not in its window stops the scan with a problem", "[engine][scan]") {
  Scan scan({5 * us}, {10 * us}, {{10 * us}, {}});
  const std::vector<RowHead> rows = {{id_of(1), {9 * us}}, {id_of(2), {4 * us}}};
  CHECK_FALSE(scan.on_page(rows, true).has_value());
  CHECK_FALSE(Scan({0}, {10 * us}, {{10 * us}, {}}).on_page({}, true).has_value());
}

TEST_CASE("A tie group that names the same token for ever is a problem, not a loop", "[engine][scan]") {
  Scan scan({0}, {10 * us}, {{5 * us}, {id_of(9)}});
  REQUIRE(scan.next()->kind == ListQuery::Kind::tie);
  const std::vector<RowHead> rows = {{id_of(1), {5 * us}}};
  REQUIRE(scan.on_tie(rows, "a").has_value());
  CHECK_FALSE(scan.on_tie(rows, "a").has_value());
}

TEST_CASE("A window splits into parts that meet, newest first", "[engine][scan]") {
  const auto parts = split_window({0}, {100 * us}, 8);
  REQUIRE(parts.size() == 8);
  CHECK(parts.front().second == Instant{100 * us});
  CHECK(parts.back().first == Instant{0});
  for (std::size_t i = 1; i < parts.size(); ++i)
    CHECK(parts[i].second == parts[i - 1].first);
  CHECK(split_window({0}, {3 * us}, 8).size() == 3);
}
