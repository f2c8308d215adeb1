#include "support.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

template <class Use>
void each_record(const World& world, const std::string& org, Use use) {
  Window all;
  all.org = org;
  Scan scan(world, all);
  std::vector<Row> group;
  Record record;
  while (scan.next(group)) {
    for (const auto& row : group) {
      world.read(row, record);
      use(row, record);
    }
  }
}

} // namespace

TEST_CASE("The same seed is the same world, another seed another") {
  World first(small_world(100));
  World second(small_world(100));
  auto options = small_world(100);
  options.seed = 43;
  World other(options);
  const std::string target = "/instances?org=skd&size=200";
  CHECK(ask(Storage(first), target).body == ask(Storage(second), target).body);
  CHECK(ask(Storage(first), target).body != ask(Storage(other), target).body);
}

TEST_CASE("A record is the same wherever it is read, and its id leads back to it") {
  World world(small_world(300));
  each_record(world, "nav", [&](const Row& row, const Record& record) {
    Record again;
    CHECK(world.find(record.guid, again));
    CHECK(again.last_changed == record.last_changed);
    CHECK(again.events.size() == record.events.size());
    CHECK(row.row_id == record.row_id);
    CHECK(row.time == record.last_changed);
    CHECK(world.derived_dialog_id(record.guid) == version_7(record.guid, record.created));
  });
}

TEST_CASE("Row ids ascend with creation, not with the last change", "[storage-1.5]") {
  World world(small_world(300));
  std::map<std::int64_t, Ticks> created;
  bool with_change = true;
  std::int64_t before = 0;
  each_record(world, "skd", [&](const Row& row, const Record& record) {
    created[row.row_id] = record.created;
    with_change = with_change && row.row_id > before;
    before = row.row_id;
  });
  CHECK(created.size() == 3'600);
  CHECK(!with_change);
  Ticks last = 0;
  for (const auto& [row_id, time] : created) {
    CHECK(time >= last);
    last = time;
  }
}

TEST_CASE("Ids of dialogs, elements and events are never used twice") {
  World world(small_world(300));
  std::set<Guid> dialogs;
  std::set<Guid> parts;
  std::size_t records = 0;
  std::size_t all_parts = 0;
  for (const auto& org : world.organisations()) {
    each_record(world, org, [&](const Row&, const Record& record) {
      ++records;
      dialogs.insert(version_7(record.guid, record.created));
      for (const auto& element : record.elements)
        parts.insert(version_7(element.id, element.created));
      for (const auto& event : record.events)
        parts.insert(version_7(event.id, event.created));
      all_parts += record.elements.size() + record.events.size();
    });
  }
  CHECK(dialogs.size() == records);
  CHECK(parts.size() == all_parts);
}

TEST_CASE("Times of a record are in order, lastChanged has microseconds, created seven digits",
          "[storage-2.9]") {
  World world(small_world(300));
  std::size_t fresh = 0;
  std::size_t fine = 0;
  each_record(world, "brg", [&](const Row&, const Record& record) {
    CHECK(record.last_changed % microsecond == 0);
    fine += record.created % microsecond != 0 ? 1 : 0;
    fresh += record.created > record.last_changed ? 1 : 0;
    CHECK(record.created - record.last_changed < microsecond);
    Ticks before = record.created;
    for (const auto& event : record.events) {
      CHECK(event.created >= before);
      before = event.created;
      CHECK(event.created <= std::max(record.created, record.last_changed));
    }
    for (const auto& element : record.elements) {
      CHECK(element.created >= record.created);
      CHECK(element.last_changed <= record.last_changed);
    }
  });
  CHECK(fresh > 10);
  CHECK(fine > 2'000);
}

TEST_CASE("All states, kinds of events and sizes occur", "[storage-2.5]") {
  World world(small_world(1000));
  std::map<std::string, std::size_t> tasks, events;
  std::size_t archived = 0, confirmed = 0, removed = 0, erased = 0, opted_out = 0, bare = 0, many = 0,
              substatus = 0, due = 0;
  std::size_t bytes = 0, records = 0;
  std::string body;
  for (const auto& org : world.organisations()) {
    each_record(world, org, [&](const Row&, const Record& record) {
      ++records;
      if (record.process.has_task) ++tasks[record.process.task.type];
      for (const auto& event : record.events)
        ++events[event.type];
      archived += record.archived ? 1 : 0;
      confirmed += record.confirmations.empty() ? 0 : 1;
      removed += record.soft_deleted ? 1 : 0;
      erased += record.hard_deleted ? 1 : 0;
      opted_out += record.data_value("dialog.disableAutomaticSync") != nullptr ? 1 : 0;
      bare += record.elements.empty() ? 1 : 0;
      many += record.elements.size() > 7 ? 1 : 0;
      substatus += record.has_substatus ? 1 : 0;
      due += record.due_before != no_time ? 1 : 0;
      CHECK(record.elements.size() <= 15);
      body.clear();
      append_instance(body, record, {"tt02.altinn.no", true, false});
      bytes += body.size();
    });
  }
  for (const auto* task : {"data", "signing", "confirmation", "feedback", "reject", "payment"})
    CHECK(tasks[task] > 0);
  for (const auto* type :
       {"Created", "Saved", "Submited", "Deleted", "Undeleted", "SubstatusUpdated", "Signed", "SentToSign",
        "SentToPayment", "SentToFormFill", "MessageArchived", "MessageRead"}) {
    CHECK(events[type] > 0);
  }
  for (const auto count : {archived, confirmed, removed, erased, opted_out, bare, many, substatus, due})
    CHECK(count > 10);
  CHECK(archived > records / 2);
  CHECK(bytes / records > 2'000);
  CHECK(bytes / records < 5'000);
}

TEST_CASE("Times on a day ascend, ranks and times lead to each other, ties large and small",
          "[storage-1.5]") {
  for (const std::int64_t count : {1, 2, 31, 100, 1000, 200'000}) {
    const DayAxis axis(99, 20'150, count);
    Ticks before = 20'150 * whole_day - 1;
    std::int64_t largest = 0;
    for (std::int64_t rank = 0; rank < count;) {
      const auto group = axis.group(rank);
      REQUIRE(group.first == rank);
      const auto time = axis.time(rank);
      REQUIRE(time > before);
      REQUIRE(axis.time(group.last) == time);
      largest = std::max(largest, group.last - group.first + 1);
      if (rank % 97 == 0) {
        REQUIRE(axis.at_or_after(time) == rank);
        REQUIRE(axis.at_or_after(time + 1) == group.last + 1);
      }
      before = time;
      rank = group.last + 1;
    }
    CHECK(before < 20'151 * whole_day);
    if (count > 100'000) CHECK(largest > 100);
    CHECK(axis.at_or_after(20'151 * whole_day) == count);
    CHECK(axis.at_or_after(0) == 0);
  }
}

TEST_CASE("What cannot be generated is refused by name") {
  const auto refused = [](auto change) {
    auto options = small_world(10);
    change(options);
    CHECK_THROWS_AS(World(options), std::invalid_argument);
  };
  refused([](WorldOptions& options) { options.last_day = options.first_day - 1; });
  refused([](WorldOptions& options) { options.per_day = -1; });
  refused([](WorldOptions& options) { options.organisations = 33; });
  refused([](WorldOptions& options) { options.poison = 2; });
  refused([](WorldOptions& options) { options.parties = 0; });
}
