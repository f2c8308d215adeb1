#include "archive/bytes.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

// The generated history of messages.
using namespace altinn_sim;
using namespace altinn_sim::archive;
using namespace altinn_sim::archive::testing;

namespace {

std::vector<Message> messages_of(const Archive& archive) {
  std::vector<Message> out;
  archive.for_each(0, 100'000, [&](const Message& each, bool) { out.push_back(each); });
  return out;
}

double share(const std::vector<Message>& all, const std::function<bool(const Message&)>& is) {
  return static_cast<double>(std::count_if(all.begin(), all.end(), is)) / static_cast<double>(all.size());
}

} // namespace

TEST_CASE("the history follows from the seed") {
  const Fixture one(shape(200));
  const Fixture same(shape(200));
  auto other_shape = shape(200);
  other_shape.seed = 7;
  const Fixture other(other_shape);
  const std::string query = "order=asc:changed&size=5000";
  CHECK(one.get("/messages?" + query).body == same.get("/messages?" + query).body);
  CHECK(one.get("/messages?" + query).body != other.get("/messages?" + query).body);
}

TEST_CASE("messages are as various as those of Altinn 2") {
  const Fixture sim(shape(10'000, 1));
  const auto all = messages_of(sim.archive);
  const auto is_about = [](double value, double wanted) {
    return value > wanted * 0.8 && value < wanted * 1.25;
  };
  CHECK(is_about(share(all, [](auto& it) { return !it.attachments.empty(); }), 0.05));
  CHECK(share(all, [](auto& it) { return !it.flaw.name.empty(); }) > 0.003);
  CHECK(share(all, [](auto& it) { return !it.flaw.name.empty(); }) < 0.007);
  CHECK(share(all, [](auto& it) { return it.is_purged(); }) > 0.01);
  CHECK(share(all, [](auto& it) { return it.is_purged(); }) < 0.025);
  CHECK(share(all, [](auto& it) { return it.needs_confirmation; }) > 0.08);
  CHECK(share(all, [](auto& it) { return !it.summary; }) > 0.1);
  CHECK(share(all, [](auto& it) { return !it.forwards.empty(); }) > 0.01);
  CHECK(share(all, [](auto& it) { return !it.notifications.empty(); }) > 0.3);
  CHECK(share(all, [](auto& it) { return !it.properties.empty(); }) > 0.05);
  CHECK(share(all, [](auto& it) { return !it.replies.empty(); }) > 0.02);
  CHECK(share(all, [](auto& it) { return it.due.has_value(); }) > 0.1);
  std::map<std::string, int> languages;
  std::map<std::string, int> recipients;
  std::map<bool, int> dialogs;
  for (const auto& each : all) {
    ++languages[each.language.value_or("")];
    if (!each.recipients.empty()) ++recipients[each.recipients.front().substr(0, 18)];
    if (!each.flaw.name.empty()) ++dialogs[each.flaw.refused_by_dialogs];
  }
  for (const auto* language : {"nb", "nn", "en", "no"})
    CHECK(languages[language] > 100);
  for (const auto* form : {"urn:altinn:organiz", "urn:altinn:person:", "urn:altinn:party:u"})
    CHECK(recipients[form] > 100);
  CHECK(dialogs[true] > 5);
  CHECK(dialogs[false] > 5);
}

TEST_CASE("the archive learns of nothing before it happens, and a message changes last when it learns last") {
  const Fixture sim(shape(3'000, 1));
  std::size_t late = 0;
  for (const auto& each : messages_of(sim.archive)) {
    auto last = each.created;
    const auto learn = [&](Ticks at, Ticks registered) {
      CHECK(at <= registered);
      CHECK(registered % storage::microsecond == 0);
      last = std::max(last, registered);
      late += at < registered ? 1 : 0;
    };
    for (const auto& event : each.events)
      learn(event.at, event.registered);
    for (const auto& event : each.notifications)
      learn(event.sent, event.registered);
    for (const auto& event : each.forwards)
      learn(event.at, event.registered);
    INFO(each.id);
    CHECK(each.changed == last);
    CHECK(each.ever(Status::published));
  }
  CHECK(late > 100);
}

TEST_CASE("nothing lies behind the start of the simulator") {
  auto cut = shape(2'000, 1);
  cut.born = first_day * storage::whole_day + 12 * storage::hour;
  const Fixture sim(cut);
  const auto all = messages_of(sim.archive);
  CHECK(all.size() > 900);
  CHECK(all.size() < 1'100);
  for (const auto& each : all)
    CHECK(each.changed < cut.born);
  CHECK(sim.all("order=desc:created&size=5000").size() == all.size());
  CHECK(sim.all("order=asc:changed&size=5000").size() == all.size());
}

TEST_CASE("a hundred million messages need no memory and no time") {
  auto large = shape(10'000, 10'000);
  large.first_day = 10'000;
  large.last_day = 19'999;
  const Fixture sim(large);
  CHECK(sim.page("/messages?order=desc:created&size=100&created=lt:2010-05-17T12:00:00Z").at("count") == 100);
  CHECK(sim.page("/messages?order=asc:changed&size=100&changed=gte:2010-05-17T12:00:00Z").at("count") == 100);
  CHECK(sim.get("/messages/50000000").status == 200);
}

TEST_CASE("bytes of a file are the same wherever one begins to read") {
  const FileBytes file(17, 1'003);
  std::string whole(1'003, '\0');
  file.read(0, whole.data(), whole.size());
  for (const std::size_t from : {1, 7, 8, 500, 1'000}) {
    std::string part(whole.size() - from, '\0');
    file.read(from, part.data(), part.size());
    CHECK(part == whole.substr(from));
  }
  CHECK(md5_of(FileBytes(0, 0)) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(md5_of(file) == md5_of(FileBytes(17, 1'003)));
  CHECK(md5_of(file) != md5_of(FileBytes(18, 1'003)));
}

TEST_CASE("options that cannot be are refused") {
  CHECK_THROWS_AS(Fixture(shape(1, -3)), std::invalid_argument);
  CHECK_THROWS_AS(Fixture(shape(-1)), std::invalid_argument);
  auto wrong = shape(1);
  wrong.unfit = 2;
  CHECK_THROWS_AS(Fixture(wrong), std::invalid_argument);
  CHECK_THROWS_AS(Fixture(shape(1'000'000, 3'000)), std::invalid_argument);
}
