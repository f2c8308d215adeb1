#include "../supervisor_fixture.hpp"

#include <dialogferry/engine/live/watch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

std::string found(const std::string& created, const std::string& label = {}) {
  return R"({"id":"01934c5a-7b00-7039-903d-e31a36a2bcdc","createdAt":")" + created +
         R"(","serviceOwnerContext":{"serviceOwnerLabels":[)" +
         (label.empty() ? "" : R"({"value":")" + label + "\"}") + "]}}";
}

struct WatchWorld : World {
  WatchWorld() {
    WatchSetup setup;
    setup.row = "dialog-services";
    setup.stage = "watch";
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.ledger = ledger.actor;
    setup.engine =
        stand_in<engine_actor>([this](const RowIdle& row) { idle.push_back(row.row); }, [](const Fatal&) {});
    setup.now = instants();
    setup.probe = probe;
    watch = spawn<Watch>(std::move(setup));
    run();
  }

  void reply(http::Answer with) {
    const auto last = dialogporten->asked.size() - 1;
    answer(dialogporten, last, answered(http::Operation::list, std::move(with)));
  }
  void reply_found(const std::string& items) { reply(response(200, R"({"items":[)" + items + "]}")); }

  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  LedgerDesks ledger{*this};
  std::vector<std::string> idle;
  std::shared_ptr<LiveProbe> probe = std::make_shared<LiveProbe>();
  live_supervisor_actor watch;
};

} // namespace

TEST_CASE("The newest direct write is noted; dialogs that are carried are none", "[engine][watch]") {
  WatchWorld world;
  CHECK(world.idle == std::vector<std::string>{"dialog-services"});
  world.reply_found(found("2025-11-17T11:59:00Z", "urn:altinn:integration:storage:0dbc1da6") + "," +
                    found("2025-11-17T11:58:00Z", "urn:altinn:correspondence-id:01934c5a") + "," +
                    found("2025-11-17T11:57:00Z", "anything") + "," + found("2025-11-17T11:56:00Z"));
  REQUIRE(world.ledger.feeds->asked.size() == 1);
  const auto& commit = world.ledger.feeds->asked[0].commit;
  CHECK(commit.row == "dialog-services");
  CHECK(commit.feed == "seen");
  REQUIRE(commit.cursor);
  CHECK(commit.cursor->at == *parse_instant("2025-11-17T11:57:00Z"));
  CHECK(commit.up_to_date_at == world.instant());
}

TEST_CASE("The one that was seen last stays known while the newest dialogs are carried ones",
          "[engine][watch]") {
  WatchWorld world;
  world.reply_found(found("2025-11-17T11:57:00Z"));
  world.advance(300s);
  REQUIRE(world.dialogporten->asked.size() == 2);
  world.reply_found(found("2025-11-17T12:04:00Z", "urn:altinn:correspondence-id:01934c5a"));
  REQUIRE(world.ledger.feeds->asked.size() == 2);
  const auto& commit = world.ledger.feeds->asked[1].commit;
  CHECK(commit.feed == "seen");
  CHECK(commit.up_to_date_at == world.instant());
  if (commit.cursor) CHECK(commit.cursor->at == *parse_instant("2025-11-17T11:57:00Z"));
}

TEST_CASE("A token that may not search is noted as such", "[engine][watch][OD-10]") {
  WatchWorld world;
  world.reply(
      GENERATE(response(403, R"({"title":"Forbidden","status":403})"), response(403))); // OD-10: a policy's
  REQUIRE(world.ledger.feeds->asked.size() == 1);
  CHECK(world.ledger.feeds->asked[0].commit.feed == "refused");
}

TEST_CASE("An outage says nothing, and is looked past at the next interval", "[engine][watch]") {
  WatchWorld world;
  world.reply(response(503));
  CHECK(world.ledger.feeds->asked.empty());
  world.advance(300s);
  CHECK(world.dialogporten->asked.size() == 2);
}
