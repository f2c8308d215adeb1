#include "verify_fixture.hpp"

#include <dialogferry/engine/verify/day_window.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using namespace dialogferry::engine::verify;

namespace {

/// A window between both sides and a verifier.
struct WindowWorld : SidesWorld {
  WindowWorld() {
    setup.pages = {&dialogferry::source::storage::app_instances, stand_in_of<gate_actor>(storage)};
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.metadata = stand_in_of<metadata_actor>(metadata);
    setup.registry = stand_in_of<register_actor>(registry);
    setup.mapper = mapper;
    setup.parties = std::make_shared<PartyBook>();
    setup.now = instants();
    setup.source_page = 10;
    setup.target_page = 15;
    window.organisation = "ttd";
    window.from = shard_day.start();
    window.to = shard_day.end();
    handed->at_once = [this](const Suspects& more) {
      suspects.insert(suspects.end(), more.list.begin(), more.list.end());
      return std::optional(Taken{});
    };
    parent = stand_in_of<verifier_actor>(handed, [this](const WindowEnded& end) { ends.push_back(end); });
  }

  void fill(int records) {
    for (int i = 0; i < records; ++i)
      source.add(std::int64_t{20'000'000} * i);
    target.add_all(source);
  }
  void start() {
    actor = spawn<DayWindow>(window, std::make_shared<const WindowSetup>(setup), parent);
    run();
  }
  const WindowEnded& end() const {
    REQUIRE(ends.size() == 1);
    return ends.front();
  }

  WindowSetup setup;
  Window window;
  verifier_actor parent;
  window_actor actor;
  std::shared_ptr<Desk<Suspects, Taken>> handed = std::make_shared<Desk<Suspects, Taken>>();
  std::vector<Suspect> suspects;
  std::vector<WindowEnded> ends;
};

} // namespace

TEST_CASE("What agrees on both sides goes by, page by page", "[engine][verify]") {
  WindowWorld world;
  world.fill(47);
  world.start();
  CHECK_FALSE(world.end().problem);
  CHECK(world.end().source == 47);
  CHECK(world.end().target == 47);
  CHECK(world.end().pairs == 47);
  CHECK(world.suspects.empty());
}

TEST_CASE("What one side alone has, and what differs, is handed over", "[engine][verify]") {
  WindowWorld world;
  world.fill(47);
  const auto missing = world.target.list[5].record;
  world.target.list.erase(world.target.list.begin() + 5);
  world.target.list[20].party = "urn:altinn:organization:identifier-no:310000999";
  world.target.list.push_back(world.target.list[30]);
  world.target.list.back().id = *parse_uuid("01934c5a-7b00-7039-903d-e31a36a2bcdc");
  world.start();
  REQUIRE(world.suspects.size() == 3);
  const auto of = [&](Suspect::Side side) {
    const auto found = std::find_if(world.suspects.begin(), world.suspects.end(),
                                    [&](const Suspect& suspect) { return suspect.side == side; });
    REQUIRE(found != world.suspects.end());
    return to_string(found->record);
  };
  CHECK(of(Suspect::Side::source) == missing);
  CHECK(of(Suspect::Side::both) == world.target.list[20].record);
  CHECK(of(Suspect::Side::target) == world.target.list[30].record);
}

TEST_CASE("A window that may split tells how much is left after its first page", "[engine][verify]") {
  WindowWorld world;
  world.fill(47);
  world.window.may_split = true;
  world.start();
  REQUIRE(world.end().rest);
  CHECK(world.storage->asked.size() <= 2); // the page, and the group of equal times at its end
  CHECK(world.end().source < 47);
  CHECK(world.end().pairs == world.end().source); // the target was read as far down, and no further
  CHECK(world.end().target == world.end().source);
}

TEST_CASE("A window whose suspects nobody takes stops reading", "[engine][verify]") {
  WindowWorld world;
  world.fill(3'000);
  world.target.list.clear();
  world.setup.source_page = 100;
  world.handed->at_once = nullptr;
  world.start();
  const auto read = world.storage->asked.size();
  CHECK(read <= 24);
  CHECK(world.ends.empty());
  for (std::size_t taken = 0; world.ends.empty(); ++taken)
    world.answer(world.handed, taken, Taken{});
  std::size_t handed = 0;
  for (const auto& more : world.handed->asked)
    handed += more.list.size();
  CHECK(handed == 3'000);
}

TEST_CASE("Where the target cannot be searched, all that is listed is to be looked up", "[engine][verify]") {
  WindowWorld world;
  world.fill(12);
  world.window.searches = false;
  world.start();
  CHECK(world.dialogporten->asked.empty());
  CHECK(world.suspects.size() == 12);
  CHECK(std::all_of(world.suspects.begin(), world.suspects.end(),
                    [](const Suspect& suspect) { return suspect.side == Suspect::Side::listed; }));
}

TEST_CASE("A side that cannot be read ends its window with the reason", "[engine][verify]") {
  WindowWorld world;
  world.fill(47);
  SECTION("the source refuses") {
    world.source.rows[3].readable = false;
    world.start();
    REQUIRE(world.end().problem);
    CHECK_THAT(world.end().problem->message, Catch::Contains("500"));
  }
  SECTION("the target answers in another order") {
    world.target.order = "createdat_desc";
    world.start();
    REQUIRE(world.end().problem);
    CHECK(world.end().problem->member == "dialogs.orderBy");
  }
  SECTION("Register does not answer") {
    world.registry->at_once = [](const FindParties&) {
      FoundParties found;
      found.problem = Problem{"register", "is down", {}};
      return std::optional(found);
    };
    world.start();
    REQUIRE(world.end().problem);
    CHECK(world.end().problem->message == "is down");
  }
}

TEST_CASE("Pages have the priority that a window is given, lookups that others share the usual one",
          "[engine][verify]") {
  WindowWorld world;
  world.fill(12);
  world.setup.priority = Priority::last;
  world.start();
  CHECK(world.storage->asked.at(0).priority == Priority::last);
  CHECK(world.dialogporten->asked.at(0).priority == Priority::last);
  CHECK(world.registry->asked.at(0).priority == Priority::history);
}
