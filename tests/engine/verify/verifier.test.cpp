#include "../actor_fixture.hpp"

#include <dialogferry/engine/verify/verifier.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;
using namespace dialogferry::engine::verify;

namespace {

const Day today = *parse_day("2025-11-14");

Suspect suspect(int number, Suspect::Side side = Suspect::Side::source) {
  Suspect made;
  made.side = side;
  made.record.party = number;
  made.record.guid =
      *parse_uuid("0dbc1da6-f744-4fff-83bc-" + std::to_string(100'000'000'000 + 7'919 * number));
  return made;
}

Suspects suspects(int count, Suspect::Side side = Suspect::Side::source) {
  Suspects made;
  for (int i = 0; i < count; ++i)
    made.list.push_back(suspect(i, side));
  return made;
}

/// A verifier whose windows and examiner do what the test says.
struct VerifierWorld : World {
  struct Child {
    Window window;
    window_actor actor;
    bool ended = false;
  };

  VerifierWorld() {
    setup.row = "a3-app-instances-historic";
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.examiners = {stand_in_of<examiner_actor>(looks)};
    setup.now = instants();
    setup.windows = 3;
    setup.parts = 5;
    setup.looks = 4;
    setup.spawn_window = [this](Window window, const verifier_actor&) {
      auto child = std::make_shared<Child>();
      child->window = std::move(window);
      child->actor = stand_in<window_actor>([](Proceed) {}, [](Taken) {}, [](const caf::error&) {});
      caf::actor_cast<caf::actor>(child->actor)->attach_functor([child] { child->ended = true; });
      children.push_back(child);
      return child->actor;
    };
    whose("skd");
    looks->at_once = [](const Examine&) {
      Examined fine;
      fine.is_there = true;
      return std::optional(fine);
    };
  }

  /// The newest dialog that the token finds is this organisation's.
  void whose(const std::string& organisation) {
    dialogporten->at_once = [organisation](const Call& call) {
      return std::optional(answered(
          call.operation,
          response(200, R"({"items":[{"id":"01934c5a-7b00-7039-903d-e31a36a2bcdc","org":")" + organisation +
                            R"(","createdAt":"2025-11-14T00:00:00Z","updatedAt":"2025-11-14T00:00:00Z"}],)"
                            R"("hasNextPage":false,"orderBy":"createdat_desc,id_desc"})")));
    };
  }

  std::shared_ptr<Reply<DayVerified>> begin(std::vector<std::string> organisations = {"skd"}) {
    if (!verifier) verifier = spawn<Verifier>(setup);
    return ask<DayVerified>(verifier, VerifyDay{today, std::move(organisations)});
  }

  void end(std::size_t child, std::uint64_t records = 0, std::optional<Instant> rest = {}) {
    WindowEnded ended;
    ended.organisation = children.at(child)->window.organisation;
    ended.searches = children.at(child)->window.searches;
    ended.source = ended.target = ended.pairs = records;
    ended.rest = rest;
    tell_as(children.at(child)->actor, verifier, ended);
  }

  void hand_over(std::size_t child, const Suspects& found) {
    tell_as(children.at(child)->actor, verifier, found);
  }

  VerifierSetup setup;
  verifier_actor verifier;
  std::vector<std::shared_ptr<Child>> children;
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Examine, Examined>> looks = std::make_shared<Desk<Examine, Examined>>();
};

Examined different(ledger::DifferenceKind kind, bool repaired = false) {
  Examined examined;
  auto& difference = examined.differences.emplace_back();
  difference.kind = kind;
  difference.repaired = repaired;
  return examined;
}

} // namespace

TEST_CASE("The token's own organisation is searched, others are looked up", "[engine][verify]") {
  VerifierWorld world;
  const auto reply = world.begin({"brg", "skd"});
  REQUIRE(world.children.size() == 2);
  CHECK_FALSE(world.children[0]->window.searches);
  CHECK(world.children[1]->window.searches);
  CHECK(world.children[1]->window.may_split);
  world.end(0, 3);
  CHECK_FALSE(reply->there());
  world.end(1, 4);
  const auto& verified = reply->value();
  CHECK(verified.not_searched == std::vector<std::string>{"brg"});
  CHECK(verified.verification.how == ledger::VerifyMethod::lookup);
  CHECK(verified.verification.source == 7);
  CHECK_FALSE(verified.problem);
}

TEST_CASE("Whose the token is, is asked once it has a dialog, and again while it has none",
          "[engine][verify]") {
  VerifierWorld world;
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(answered(call.operation, response(200, R"({"items":[],"hasNextPage":false})")));
  };
  world.begin();
  CHECK_FALSE(world.children.at(0)->window.searches);
  world.end(0);
  world.whose("skd");
  world.begin();
  CHECK(world.children.at(1)->window.searches);
  world.end(1);
  world.begin();
  CHECK(world.children.at(2)->window.searches);
  CHECK(world.dialogporten->asked.size() == 2);
}

TEST_CASE("A target that is down is no reason to look up what could be searched", "[engine][verify]") {
  VerifierWorld world;
  world.dialogporten->at_once = [](const Call& call) {
    return std::optional(answered(call.operation, response(503)));
  };
  const auto reply = world.begin();
  CHECK(world.children.empty());
  REQUIRE(reply->value().problem);
}

TEST_CASE("A day of more than a page is read in parts, so many side by side", "[engine][verify]") {
  VerifierWorld world;
  const auto reply = world.begin();
  world.end(0, 10, today.end());
  CHECK(world.children.size() == 4); // three of five
  CHECK(world.children[1]->window.to == today.end());
  CHECK_FALSE(world.children[1]->window.may_split);
  world.end(2, 1);
  CHECK(world.children.size() == 5);
  world.end(1, 1);
  world.end(3, 1);
  world.end(4, 1);
  world.end(5, 1);
  CHECK(reply->value().verification.source == 15);
}

TEST_CASE("Suspects are looked at a few at a time, and windows wait for room", "[engine][verify]") {
  VerifierWorld world;
  world.looks->at_once = nullptr;
  const auto reply = world.begin();
  for (int i = 0; i < 4; ++i)
    world.hand_over(0, suspects(1'000));
  CHECK(world.looks->asked.size() == 4);
  world.end(0, 4'000);
  CHECK_FALSE(reply->there());
  for (std::size_t i = 0; i < 4'000; ++i) {
    Examined missing = different(ledger::DifferenceKind::missing);
    world.answer(world.looks, i, missing);
    REQUIRE(world.looks->open.size() <= 4);
  }
  const auto& verification = reply->value().verification;
  CHECK(verification.missing == 4'000);
  CHECK(verification.first.size() == ledger::Verification::differences_limit);
}

TEST_CASE("Differences are counted by kind, and those that were repaired", "[engine][verify]") {
  VerifierWorld world;
  std::vector<Examined> found = {
      different(ledger::DifferenceKind::missing, true), different(ledger::DifferenceKind::unexpected),
      different(ledger::DifferenceKind::stale), different(ledger::DifferenceKind::wrong, true)};
  std::size_t next = 0;
  world.looks->at_once = [&](const Examine&) { return std::optional(found.at(next++)); };
  const auto reply = world.begin();
  world.hand_over(0, suspects(4));
  world.end(0, 4);
  const auto& verification = reply->value().verification;
  CHECK(verification.missing == 1);
  CHECK(verification.unexpected == 1);
  CHECK(verification.stale == 1);
  CHECK(verification.wrong == 1);
  CHECK(verification.repaired == 2);
}

TEST_CASE("Of a sample so many records are looked at, the same ones each time", "[engine][verify]") {
  const auto chosen = [] {
    VerifierWorld world;
    world.whose("digdir");
    world.setup.sample = 5;
    const auto reply = world.begin();
    world.hand_over(0, suspects(100, Suspect::Side::listed));
    CHECK(world.looks->asked.empty());
    world.end(0);
    CHECK(reply->value().verification.how == ledger::VerifyMethod::sample);
    CHECK(reply->value().verification.compared == 5);
    std::vector<std::int64_t> parties;
    for (const auto& look : world.looks->asked)
      parties.push_back(look.suspect.record.party);
    std::sort(parties.begin(), parties.end());
    return parties;
  };
  const auto first = chosen();
  CHECK(first.size() == 5);
  CHECK(chosen() == first);
}

TEST_CASE("A window that fails, or ends without a word, ends the day with the reason", "[engine][verify]") {
  VerifierWorld world;
  const auto reply = world.begin({"skd", "ttd", "brg"});
  SECTION("fails") {
    WindowEnded ended;
    ended.problem = Problem{"storage", "status 500", {}};
    world.tell_as(world.children[0]->actor, world.verifier, ended);
    CHECK(reply->value().problem->message == "status 500");
  }
  SECTION("without a word") {
    caf::anon_send_exit(world.children[0]->actor, caf::exit_reason::kill);
    world.run();
    CHECK_THAT(reply->value().problem->message, Catch::Contains("ended unexpectedly"));
  }
  world.run();
  CHECK(world.children[1]->ended);
  CHECK(world.children[2]->ended);
  const auto next = world.begin();
  world.end(3, 1);
  CHECK_FALSE(next->value().problem);
}

TEST_CASE("A look that fails ends the day with the reason", "[engine][verify]") {
  VerifierWorld world;
  world.looks->at_once = [](const Examine&) {
    Examined failed;
    failed.problem = Problem{"register", "is down", {}};
    return std::optional(failed);
  };
  const auto reply = world.begin();
  world.hand_over(0, suspects(1));
  CHECK(reply->value().problem->message == "is down");
}

TEST_CASE("A day that is given up is answered at once, and what comes late of it is of no account",
          "[engine][verify]") {
  VerifierWorld world;
  world.looks->at_once = nullptr;
  const auto reply = world.begin();
  world.hand_over(0, suspects(1));
  REQUIRE(world.looks->asked.size() == 1);
  world.tell(world.verifier, GiveUpDay{});
  CHECK(reply->value().problem);
  CHECK(world.children[0]->ended);
  const auto next = world.begin();
  world.answer(world.looks, 0, different(ledger::DifferenceKind::missing));
  world.end(1, 1);
  CHECK(next->value().verification.missing == 0);
  world.tell(world.verifier, GiveUpDay{}); // nothing is under way
  CHECK_FALSE(world.begin()->there());
}

TEST_CASE("A verifier that ends leaves no window behind, and nobody unanswered", "[engine][verify]") {
  VerifierWorld world;
  const auto reply = world.begin();
  caf::anon_send_exit(world.verifier, caf::exit_reason::user_shutdown);
  world.run();
  CHECK(reply->there());
  CHECK(world.children[0]->ended);
}
