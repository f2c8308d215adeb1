#include "../../ledger/support.hpp"
#include "../actor_fixture.hpp"

#include <dialogferry/engine/ledger_writer.hpp>
#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/source/storage.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string live = "a3-app-instances-live";

/// A feed of one quiet organisation over a ledger of its own.
struct QuietWorld : World {
  QuietWorld() {
    auto opened = ledger::open(folder.url(), "local", ledger::OpenMode::engine, instant());
    REQUIRE(opened);
    ledger = std::move(*opened);
    storage->at_once = [this](const Call& call) -> std::optional<Answered> {
      ++readings;
      return answered(call.operation,
                      up ? response(200, R"({"count":0,"next":null,"instances":[]})") : response(503));
    };
    FeedSetup setup;
    setup.row = live;
    setup.organisations = {"ttd"};
    setup.begin = day_of(instant()).start();
    setup.pages = {&source::storage::app_instances, stand_in_of<gate_actor>(storage)};
    setup.ledger = spawn<LedgerWriter>(LedgerWriterSetup{ledger, instants(), {}});
    setup.now = instants();
    setup.clock = clock();
    spawn<LiveFeed>(std::move(setup));
  }

  std::optional<Instant> up_to_date_at() const {
    const auto snapshot = ledger->snapshot();
    REQUIRE(snapshot);
    return snapshot->stages.at(0).feeds.at(0).up_to_date_at;
  }

  ledger::test::TempFolder folder;
  std::shared_ptr<ledger::Ledger> ledger;
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  bool up = true;
  int readings = 0;
};

} // namespace

TEST_CASE("A quiet stream tells the ledger now and then that it was up to date", "[engine][live]") {
  QuietWorld world;
  const auto begun = world.instant();
  world.run();
  CHECK(world.up_to_date_at() == begun);
  CHECK(world.ledger->cursor(live, "carry", "stream/ttd")->value().at == day_of(begun).start());
  world.advance(25s);
  CHECK(world.readings >= 4);
  CHECK(world.up_to_date_at() == begun);
  world.advance(100s);
  REQUIRE(world.up_to_date_at());
  CHECK(world.instant().ticks - world.up_to_date_at()->ticks <= 40 * Instant::per_second);
}

TEST_CASE("A stream that cannot be read is not up to date, however often it is asked", "[engine][live]") {
  QuietWorld world;
  world.run();
  const auto known = world.up_to_date_at();
  world.up = false;
  world.advance(300s);
  CHECK(world.readings > 10);
  CHECK(world.up_to_date_at() == known);
}
