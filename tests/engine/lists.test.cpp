#include "actor_fixture.hpp"

#include <dialogferry/engine/lists.hpp>

#include <utility>
#include <vector>

using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

/// An actor with lists, as far as these know it.
struct Owner {
  void send(Owner*, SendOut) { ++rung; }
  template <class Whom>
  void send(const Whom& whom, Calls list) {
    sent.emplace_back(whom->id(), list.items.size());
    for (const auto& item : list.items)
      numbers.push_back(item.number);
  }
  template <class Whom>
  void monitor(const Whom& whom) {
    monitored.push_back(whom->id());
  }

  int rung = 0;
  std::vector<std::pair<caf::actor_id, std::size_t>> sent;
  std::vector<std::uint64_t> numbers; ///< of the questions that were sent
  std::vector<caf::actor_id> monitored;
};

struct ListsWorld : World {
  gate_actor storage = stand_in<gate_actor>([](const Calls&) {});
  gate_actor dialogporten = stand_in<gate_actor>([](const Calls&) {});
  Owner owner;
  Inquiries<Calls, std::string> inquiries;

  /// Asks, and tells the number.
  std::uint64_t ask(const gate_actor& gate, std::string what) {
    inquiries.ask(owner, gate, Call{}, std::move(what));
    inquiries.send_out(owner);
    return owner.numbers.back();
  }
};

} // namespace

TEST_CASE("What is asked together goes out together, to each in one list", "[engine][lists]") {
  ListsWorld world;
  for (const auto* what : {"a", "b", "c"})
    world.inquiries.ask(world.owner, world.storage, Call{}, what);
  world.inquiries.ask(world.owner, world.dialogporten, Call{}, "d");
  CHECK(world.owner.rung == 1);
  CHECK(world.owner.sent.empty());
  world.inquiries.send_out(world.owner);
  CHECK(world.owner.sent == std::vector<std::pair<caf::actor_id, std::size_t>>{
                                {world.storage->id(), 3}, {world.dialogporten->id(), 1}});
  CHECK(world.owner.monitored == std::vector{world.storage->id(), world.dialogporten->id()});
  world.inquiries.send_out(world.owner);
  CHECK(world.owner.sent.size() == 2);
  world.inquiries.ask(world.owner, world.storage, Call{}, "e");
  CHECK(world.owner.rung == 2);
  CHECK(world.owner.monitored.size() == 2);
}

TEST_CASE("An answer meets what it was asked for, once", "[engine][lists]") {
  ListsWorld world;
  const auto first = world.ask(world.storage, "first");
  const auto second = world.ask(world.storage, "second");
  CHECK(world.inquiries.take(second) == "second");
  CHECK(world.inquiries.take(first) == "first");
  CHECK_FALSE(world.inquiries.take(first).has_value());
  const auto third = world.ask(world.storage, "third"); // in the place of one of them
  CHECK_FALSE(world.inquiries.take(first).has_value());
  CHECK_FALSE(world.inquiries.take(second).has_value());
  CHECK(world.inquiries.take(third) == "third");
}

TEST_CASE("What was asked of one that has ended is lost, and the rest is not", "[engine][lists]") {
  ListsWorld world;
  const auto lost = world.ask(world.storage, "lost");
  const auto kept = world.ask(world.dialogporten, "kept");
  CHECK(world.inquiries.take_lost(world.storage->id()) == std::vector<std::string>{"lost"});
  const auto next = world.ask(world.dialogporten, "next");
  CHECK_FALSE(world.inquiries.take(lost).has_value()); // an answer that was on its way
  CHECK(world.inquiries.take(kept) == "kept");
  CHECK(world.inquiries.take(next) == "next");
  world.ask(world.storage, "again");
  CHECK(world.owner.monitored.size() == 3); // to be told once more
}
