#include "dialogporten/store/store.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim::dialogporten;

namespace {

class Shelf {
public:
  std::shared_ptr<Record> record(std::string_view id) {
    auto made = std::make_shared<Record>();
    made->id = *parse_uuid(id);
    made->org = store.intern("ttd");
    made->labels = {"urn:altinn:integration:storage:1/a", "wave-1"};
    return made;
  }

  Store store;
  Violation violation;
};

constexpr std::string_view first = "018cbaa2-8800-7000-8000-000000000001";
constexpr std::string_view second = "018cbaa2-8800-7000-8000-000000000002";
const Claim claim{Table::activity, *parse_uuid("018cbaa2-8800-7000-8000-00000000000a")};
const Claim other{Table::activity, *parse_uuid("018cbaa2-8800-7000-8000-00000000000b")};

} // namespace

TEST_CASE("a change of what is no longer stored loses the race and changes nothing", "[store][4.2]") {
  Shelf shelf;
  const auto before = shelf.record(first);
  REQUIRE(shelf.store.insert(before, {}, shelf.violation) == Commit::done);
  const auto winner = shelf.record(first);
  REQUIRE(shelf.store.replace(before, winner) == Commit::done);
  CHECK(shelf.store.replace(before, shelf.record(first), {claim}) == Commit::lost_race);
  CHECK(shelf.store.erase(before, {}) == Commit::lost_race);
  CHECK(shelf.store.find(before->id) == winner);
  CHECK(shelf.store.insert(shelf.record(second), {claim}, shelf.violation) == Commit::done);
}

TEST_CASE("a write that breaks a unique index keeps none of its ids", "[store][4.1]") {
  Shelf shelf;
  REQUIRE(shelf.store.insert(shelf.record(first), {claim}, shelf.violation) == Commit::done);
  CHECK(shelf.store.insert(shelf.record(second), {other, claim}, shelf.violation) == Commit::violation);
  CHECK(shelf.violation.table == "DialogActivity");
  CHECK(shelf.store.size() == 1);
  CHECK(shelf.store.insert(shelf.record(second), {other}, shelf.violation) == Commit::done);
}

TEST_CASE("labels that name a source record are indexed, and follow changes", "[store][2.9]") {
  Shelf shelf;
  const auto before = shelf.record(first);
  REQUIRE(shelf.store.insert(before, {}, shelf.violation) == Commit::done);
  CHECK(shelf.store.find_label("urn:altinn:integration:storage:1/a")->size() == 1);
  CHECK_FALSE(shelf.store.find_label("wave-1"));
  const auto next = shelf.record(first);
  next->labels = {"urn:altinn:integration:storage:1/b"};
  REQUIRE(shelf.store.replace(before, next) == Commit::done);
  CHECK(shelf.store.find_label("urn:altinn:integration:storage:1/a")->empty());
  CHECK(shelf.store.find_label("urn:altinn:integration:storage:1/b")->size() == 1);
}
