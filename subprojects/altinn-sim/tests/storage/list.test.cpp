#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

const std::string window = "&lastChanged=gte:2025-03-01T00:00:00Z&lastChanged=lt:2025-03-13T00:00:00Z";

std::size_t distinct(const std::vector<std::string>& ids) {
  return std::set<std::string>(ids.begin(), ids.end()).size();
}

std::string member_of_last(const boost::json::object& page, std::string_view member) {
  return std::string(page.at("instances").as_array().back().as_object().at(member).as_string());
}

int status_of(const Storage& storage, const std::string& query) {
  return ask(storage, "/instances?" + query).status;
}

std::int64_t count_of(const Storage& storage, const std::string& query) {
  return json_of(ask(storage, "/instances?" + query)).at("count").as_int64();
}

/// The loss-free newest-first scan of storage.md 1.5.
std::vector<std::string> newest_first(const Storage& storage, const std::string& org,
                                      const std::string& size) {
  std::set<std::string> seen;
  std::vector<std::string> out;
  std::string before = "2025-03-13T00:00:00Z";
  const auto take = [&](const std::vector<std::string>& ids) {
    for (const auto& id : ids) {
      if (seen.insert(id).second) out.push_back(id);
    }
  };
  const auto query = [&](std::string_view direction, std::string_view bound) {
    std::string target = "/instances?org=";
    target.append(org).append("&order=").append(direction).append(":lastChanged&size=").append(size);
    return target.append("&lastChanged=").append(bound).append(before);
  };
  while (true) {
    const auto page = json_of(ask(storage, query("desc", "lt:")));
    take(ids_of(page));
    if (page.at("count").as_int64() < std::stoll(size)) return out;
    before = member_of_last(page, "lastChanged");
    take(ids_of_all_pages(storage, query("asc", "eq:")));
  }
}

} // namespace

TEST_CASE("Ascending pages give every record once, ties over page borders included", "[storage-1.5]") {
  World world(small_world(1000));
  const Storage storage(world);
  for (const auto* size : {"100", "7", "1000"}) {
    const auto ids = ids_of_all_pages(
        storage, "/instances?org=skd&order=asc:lastChanged&size=" + std::string(size) + window);
    CHECK(ids.size() == 12'000);
    CHECK(distinct(ids) == 12'000);
  }
}

TEST_CASE("Descending pages lose what is left of a tie", "[storage-1.5]") {
  World world(small_world(1000));
  const Storage storage(world);
  const auto ids = ids_of_all_pages(storage, "/instances?org=skd" + window);
  CHECK(distinct(ids) < 12'000);
  CHECK(distinct(ids) > 11'000);
}

TEST_CASE("The descending defect is the one that was observed: lost above the cursor, repeated below",
          "[storage-1.5]") {
  auto options = small_world(0);
  World world(options);
  for (int number = 1; number <= 10; ++number) {
    Record record;
    record.guid = random_guid(static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number));
    record.org = "ttd";
    record.app_id = "ttd/app";
    record.row_id = number;
    record.last_changed = record.created =
        number < 4 ? number * second : 4 * second; // ids 4 to 10 share a time
    world.overlay().put(std::move(record));
  }
  const Storage storage(world);
  const auto ids = ids_of_all_pages(storage, "/instances?org=ttd&size=2");
  const auto name = [](std::uint64_t number) { return "0/" + guid_text(random_guid(number, number)); };
  CHECK(ids == std::vector<std::string>{name(4), name(5), name(4), name(3), name(2), name(1)});
}

TEST_CASE("The newest-first scan without tokens finds everything", "[storage-1.5]") {
  World world(small_world(1000));
  const Storage storage(world);
  CHECK(newest_first(storage, "skd", "100").size() == 12'000);
  CHECK(newest_first(storage, "brg", "37").size() == 12'000);
}

TEST_CASE("Days meet without a gap or an overlap, records at midnight included", "[storage-1.2]") {
  World world(small_world(250));
  const Storage storage(world);
  std::vector<std::string> ids;
  for (int day = 1; day <= 12; ++day) {
    const auto date = [](int number) {
      return "2025-03-" + std::string(number < 10 ? "0" : "") + std::to_string(number);
    };
    const auto of_day =
        ids_of_all_pages(storage, "/instances?org=nav&order=asc:x&lastChanged=gte:" + date(day) +
                                      "T00:00:00Z&lastChanged=lt:" + date(day + 1) + "T00:00:00.0000000Z");
    CHECK(of_day.size() == 250);
    ids.insert(ids.end(), of_day.begin(), of_day.end());
  }
  CHECK(distinct(ids) == 3'000);
}

TEST_CASE("Rows of one time ascend by row id in both directions, times follow the order", "[storage-1.5]") {
  World world(small_world(1000));
  for (const bool descending : {false, true}) {
    Window all;
    all.org = "skd";
    all.descending = descending;
    Scan scan(world, all);
    std::vector<Row> group;
    std::int64_t large = 0;
    std::int64_t small = 0;
    Ticks before = descending ? std::numeric_limits<Ticks>::max() : 0;
    while (scan.next(group)) {
      CHECK(
          std::is_sorted(group.begin(), group.end(), [](const Row& a, const Row& b) { return a.before(b); }));
      CHECK((descending ? group.front().time < before : group.front().time > before));
      before = group.front().time;
      large += group.size() > 100 ? 1 : 0;
      small += group.size() > 1 && group.size() < 8 ? 1 : 0;
    }
    CHECK(small > 50);
    CHECK(large >= 0);
  }
}

TEST_CASE("`next` names a foreign host, keeps the parameters and holds the token encoded twice",
          "[storage-1.3][storage-1.4]") {
  World world(small_world(300));
  const Storage storage(world);
  const auto page = json_of(ask(storage, "/instances?org=skd&order=asc:lastChanged&size=3&lastChanged=gte:"
                                         "2025-03-02T00%3A00%3A00Z&MainVersionExclude=0"));
  const std::string next(page.at("next").as_string());
  CHECK(next.starts_with(
      "https://platform.tt02.altinn.no/storage/api/v1/instances?org=skd&order=asc%3AlastChanged&size=3&"
      "lastChanged=gte%3A2025-03-02T00%3A00%3A00Z&MainVersionExclude=0&continuationToken="));
  CHECK(next.find("%253b") != std::string::npos);
  CHECK(page.at("count").as_int64() == 3);
  auto once = next.substr(next.find("/instances"));
  once.replace(once.find("%253b"), 5, "%3b"); // encoded once is understood, too
  CHECK(ids_of(json_of(ask(storage, next.substr(next.find("/instances"))))) ==
        ids_of(json_of(ask(storage, once))));
}

TEST_CASE("`next` is there exactly when a page is full, so the last page may be empty", "[storage-1.3]") {
  World world(small_world(50));
  const Storage storage(world);
  std::size_t pages = 0;
  const auto ids =
      ids_of_all_pages(storage, "/instances?org=skd&order=asc:lastChanged&size=100" + window, &pages);
  CHECK(ids.size() == 600);
  CHECK(pages == 7);
  const auto nothing = json_of(ask(storage, "/instances?org=skd&size=0"));
  CHECK(nothing.at("count").as_int64() == 0);
  CHECK(nothing.at("next").is_string());
}

TEST_CASE("Operators bound the column of microseconds, unknown ones are ignored", "[storage-1.2]") {
  World world(small_world(200));
  const Storage storage(world);
  const auto first =
      member_of_last(json_of(ask(storage, "/instances?org=skd&order=asc:lastChanged&size=1")), "lastChanged");
  CHECK(count_of(storage, "org=skd&size=5000") == 2'400);
  CHECK(count_of(storage, "org=skd&size=5000&lastChanged=gt:" + first) == 2'399);
  CHECK(count_of(storage, "org=skd&size=5000&lastChanged=gte:" + first) == 2'400);
  CHECK(count_of(storage, "org=skd&size=5000&lastChanged=lt:" + first) == 0);
  CHECK(count_of(storage, "org=skd&size=5000&lastChanged=lte:" + first) == 1);
  CHECK(count_of(storage, "org=skd&size=5000&lastChanged=eq:" + first) == 1);
  CHECK(count_of(storage, "org=skd&size=5000&lastChanged=ge:" + first) == 2'400);
  CHECK(count_of(storage, "ORG=skd&SIZE=5000&LASTCHANGED=LT:" + first) == 2'400);
  CHECK(count_of(storage, "org=skd&lastChanged=2025-03-01T00:00:00Z") == 100);
}

TEST_CASE("What Storage cannot read is a 500 or a 400, as it is there", "[storage-1.2][storage-1.6]") {
  World world(small_world(200));
  const Storage storage(world);
  CHECK(status_of(storage, "org=skd&lastChanged=gt:yesterday") == 500);
  CHECK(status_of(storage, "org=skd&lastChanged=gt:2025-02-30T00:00:00Z") == 500);
  CHECK(status_of(storage, "org=skd&lastChanged=gt:2025-03-01&lastChanged=gt:2025-03-02") == 500);
  CHECK(status_of(storage, "org=skd&lastChanged=2025-03-01") == 500);
  CHECK(status_of(storage, "org=skd&continuationToken=abc%253bdef") == 500);
  CHECK(status_of(storage, "org=skd&size=-1") == 500);
  CHECK(status_of(storage, "org=skd&size=ten") == 400);
  CHECK(status_of(storage, "org=skd&status.isArchived=maybe") == 400);
  CHECK(status_of(storage, "org=skd&A3Ref=123") == 400);
  CHECK(status_of(storage, "size=10") == 400);
  CHECK(count_of(storage, "org=skd&continuationToken=123") == 0);
  CHECK(count_of(storage, "org=unknown") == 0);
  CHECK(count_of(storage, "org=SKD") == 0);
}

TEST_CASE("Without a main version only version 3 is listed, and it is all there is", "[storage-1.2]") {
  World world(small_world(200));
  const Storage storage(world);
  CHECK(count_of(storage, "org=skd") == 100);
  CHECK(count_of(storage, "org=skd&mainVersionExclude=0") == 100);
  CHECK(count_of(storage, "org=skd&mainVersionInclude=3") == 100);
  CHECK(count_of(storage, "org=skd&mainVersionExclude=3") == 0);
  CHECK(count_of(storage, "org=skd&mainVersionInclude=2") == 0);
  CHECK(count_of(storage, "org=skd&dataValues.A2ArchRef=1234") == 0);
}

TEST_CASE("Only `desc:` in front descends", "[storage-1.2]") {
  World world(small_world(200));
  const Storage storage(world);
  const auto first_of = [&](const std::string& order) {
    return ids_of(json_of(ask(storage, "/instances?org=skd&size=1" + order))).front();
  };
  CHECK(first_of("") == first_of("&order=desc:created"));
  CHECK(first_of("&order=desc") == first_of("&order=asc:lastChanged"));
  CHECK(first_of("") != first_of("&order=desc"));
}

TEST_CASE("An owner's instances are found in any part of the history", "[storage-1.2]") {
  World world(small_world(1000));
  const Storage storage(world);
  std::map<std::string, std::size_t> by_party;
  for (const auto& id : ids_of_all_pages(storage, "/instances?org=skd&order=asc:lastChanged&size=1000")) {
    ++by_party[id.substr(0, id.find('/'))];
  }
  for (const auto* party : {"50000000", "50000123", "50000499"}) {
    const auto found =
        ids_of_all_pages(storage, "/instances?org=skd&order=asc:lastChanged&size=5&instanceOwner.partyId=" +
                                      std::string(party));
    CHECK(found.size() == by_party[party]);
    CHECK(distinct(found) == found.size());
  }
  CHECK(count_of(storage, "org=skd&instanceOwner.partyId=1") == 0);
  CHECK(status_of(storage, "org=skd&instanceOwner.partyId=x") == 400);
}

TEST_CASE("The last twelve digits of an id find its instance", "[storage-1.2]") {
  World world(small_world(1000));
  const Storage storage(world);
  const auto id = ids_of(json_of(ask(storage, "/instances?org=brg&size=1"))).front();
  const auto reference = id.substr(id.size() - 12);
  CHECK(ids_of(json_of(ask(storage, "/instances?org=brg&A3Ref=" + reference))) ==
        std::vector<std::string>{id});
  CHECK(count_of(storage, "org=skd&A3Ref=" + reference) == 0);
}

TEST_CASE("Filters on status, process and texts choose what they name", "[storage-1.2]") {
  World world(small_world(500));
  const Storage storage(world);
  const auto all = count_of(storage, "org=skd&size=10000");
  for (const std::string member : {"isArchived", "isSoftDeleted", "isHardDeleted"}) {
    const auto yes = count_of(storage, "org=skd&size=10000&status." + member + "=true");
    const auto no = count_of(storage, "org=skd&size=10000&status." + member + "=FALSE");
    CHECK(yes > 0);
    CHECK(no > 0);
    CHECK(yes + no == all);
  }
  const auto complete = count_of(storage, "org=skd&size=10000&process.isComplete=true");
  CHECK(complete == count_of(storage, "org=skd&size=10000&status.isArchived=true"));
  CHECK(complete + count_of(storage, "org=skd&size=10000&process.isComplete=false") == all);
  CHECK(count_of(storage, "org=skd&size=10000&process.endEvent=Nowhere") == all);
  CHECK(count_of(storage, "org=skd&size=10000&process.currentTask=Task_2") > 0);
  CHECK(count_of(storage, "org=skd&size=10000&searchString=BODØ") == 0);
  CHECK(count_of(storage, "org=skd&size=10000&searchString=NORD") > 0);
  const auto confirmed = count_of(storage, "org=skd&size=10000&confirmed=true");
  CHECK(confirmed > 0);
  CHECK(confirmed + count_of(storage, "org=skd&size=10000&excludeConfirmedBy=skd") == all);
  CHECK(count_of(storage, "org=skd&size=10000&dueBefore=gt:2000") < all);
  CHECK(count_of(storage, "org=skd&size=10000&dueBefore=lt:2000") == 0);
  const auto older = count_of(storage, "org=skd&size=10000&created=lt:2025-01-01");
  CHECK(older + count_of(storage, "org=skd&size=10000&created=gte:2025-01-01") == all);
}

TEST_CASE("An app is asked for alone; its organisation follows from its id", "[storage-1.2]") {
  World world(small_world(500));
  const Storage storage(world);
  const auto page =
      json_of(ask(storage, "/instances?appId=brg/mva-melding&size=10000&includeDataElements=false"));
  CHECK(page.at("count").as_int64() > 1'000);
  for (const auto& instance : page.at("instances").as_array()) {
    CHECK(instance.as_object().at("appId").as_string() == "brg/mva-melding");
    CHECK(instance.at("data").as_array().empty());
  }
}
