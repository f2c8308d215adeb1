#include "message_ferry.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <random>

using namespace dialogferry::system;
using std::chrono::milliseconds;

namespace {

const Days days{"2025-11-10", "2025-11-14"};
constexpr const char* purge = "POST /dialogporten/api/v1/serviceowner/dialogs/{dialogId}/actions/purge";

} // namespace

TEST_CASE("Every message is carried over both hops once, and what cannot be is an exception",
          "[system][messages]") {
  Platform platform(archive_of(days, 200, {"--messages-unfit", "0.05"}));
  const Ferry ferry(platform, message_rows(days, "page_size = 50\n"));
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK(message_disagreement(platform, ferry) == "");
  CHECK(audited(platform, message_row, "doubled_uploads") == 0);

  platform.forget_requests();
  CHECK(ferry.carry().exit == 3);
  CHECK(platform.requests("correspondence") == 0); // nothing is left to be done
}

TEST_CASE("A second engine on a new ledger finds every message there", "[system][messages]") {
  Platform platform(archive_of(days, 100, {"--messages-unfit", "0", "--messages-attachments", "0"}));
  REQUIRE(Ferry(platform, message_rows(days)).carry().exit == 0);
  const Ferry again(platform, message_rows(days));
  CHECK(again.carry().exit == 0);
  CHECK(message_disagreement(platform, again) == "");
}

TEST_CASE("Two who publish the same messages at once, slowly, leave each its dialog",
          "[system][messages][OC-2]") {
  Platform platform(
      archive_of({"2025-11-14", "2025-11-14"}, 19,
                 {"--messages-unfit", "0", "--messages-attachments", "0", "--publish-time", "600ms"}));
  const Ferry one(platform, message_rows({"2025-11-14", "2025-11-14"}));
  const Ferry other(platform, message_rows({"2025-11-14", "2025-11-14"}));
  const auto first = one.start();
  const auto second = other.start();
  CHECK(first->wait_for(std::chrono::seconds{120}) == 0);
  CHECK(second->wait_for(std::chrono::seconds{120}) == 0);
  CHECK(message_disagreement(platform, one) == "");
  CHECK(message_disagreement(platform, other) == "");
  CHECK(platform.requests_to(purge) == 0); // each message learns of its dialog a moment later
}

TEST_CASE("Two who mend what is stranded at once leave each message its dialog", "[system][messages][OC-1]") {
  const Days day{"2025-11-14", "2025-11-14"};
  Platform platform(archive_of(day, 600, {"--messages-unfit", "0", "--messages-attachments", "0"}));
  platform.faults(
      R"({"rules": [{"api": "correspondence", "path": "makemigrated", "publish_stored_500": 1}]})");
  const Ferry one(platform, message_rows(day));
  const Ferry other(platform, message_rows(day));
  const auto first = one.start();
  const auto second = other.start();
  REQUIRE(eventually([&] { return audited(platform, message_row, "stranded") > 5; }));
  platform.faults("{}");
  CHECK(first->wait_for(std::chrono::seconds{120}) == 0);
  CHECK(second->wait_for(std::chrono::seconds{120}) == 0);
  CHECK(platform.requests_to(purge) > 0);
  CHECK(message_faults(platform, message_row) == "");
}

TEST_CASE("Refusals, errors and resets of every API, inside of publishing too, leave no message behind",
          "[system][messages][faults]") {
  Platform platform(archive_of(days, 150));
  platform.faults(R"({"429": 0.02, "5xx": 0.02, "resets": 0.02, "retry_after": "off",
    "rules": [{"api": "correspondence", "path": "makemigrated", "publish_stored_500": 0.03, "publish_422": 0.01,
               "publish_400": 0.01, "resets": 0.03}]})");
  const Ferry ferry(platform, message_rows(days, "page_size = 20\n"));
  const auto ran = ferry.carry();
  INFO(ran.err);
  platform.faults("{}");
  // What was refused without a rule that its record breaks is an exception, and goes when it is tried again.
  ferry.run({"exceptions", "retry", "--row", message_row});
  ferry.carry();
  CHECK(message_disagreement(platform, ferry) == "");
}

TEST_CASE("An engine killed at 25 random instants leaves no message, and no dialog without its message",
          "[system][messages][crash]") {
  Platform platform(archive_of(days, 300, {"--messages-attachments", "0.2"}));
  const Ferry ferry(platform, message_rows(days, "page_size = 20\n"));
  std::mt19937 random(4711 + Catch::rngSeed());
  std::uniform_int_distribution<int> lifetime(20, 250);
  int kills = 0;
  for (; kills < 25; ++kills) {
    const auto engine = ferry.start({"apis.correspondence.rate=250", "apis.correspondence.burst=10"});
    if (engine->wait_for(milliseconds{100 + lifetime(random)})) break;
    engine->signal(SIGKILL);
    CHECK(engine->wait_for(std::chrono::seconds{10}) == -SIGKILL);
  }
  CHECK(kills == 25);
  const auto last = ferry.carry();
  INFO(last.err);
  CHECK(message_disagreement(platform, ferry) == "");
  CHECK(audited(platform, message_row, "doubled_uploads") <= 25);
}

TEST_CASE("An engine that is told to stop waits for what it publishes", "[system][messages][OC-1]") {
  Platform platform(archive_of(days, 200, {"--messages-unfit", "0", "--publish-time", "20ms"}));
  const Ferry ferry(platform, message_rows(days));
  const auto engine = ferry.start();
  REQUIRE(eventually([&] {
    return platform.requests_to("POST /correspondence/api/v1/migration/makemigratedcorrespondenceavailable") >
           2;
  }));
  engine->signal(SIGINT);
  CHECK(engine->wait_for(std::chrono::seconds{60}) == 130);
  CHECK(audited(platform, message_row, "stranded") == 0);
  CHECK(ferry.carry().exit == 0);
  CHECK(message_disagreement(platform, ferry) == "");
}

TEST_CASE("New messages and later events are in Dialogporten within an interval",
          "[system][messages][live]") {
  Platform platform(archive_of(days, 50, {"--messages-unfit", "0"}));
  const Ferry ferry(platform, live_message_rows(days));
  const auto engine = ferry.stay();
  REQUIRE(eventually([&] { return audited(platform, message_row, "missing") == 0; }));
  order_messages(platform, R"({"rate": 20, "seconds": 10, "seed": 7, "history": 0.3, "bursts": 0.2,
    "mix": {"create": 5, "read": 4, "confirm": 2, "archive": 1, "bin": 2, "restore": 2, "purge": 0.3, "notify": 1,
            "forward": 1, "forward_to_email": 1}})");
  REQUIRE(eventually([&] { return audited(platform, live_message_row, "expected") > 60; }));
  const auto agrees = [&] {
    return jobs_are_done(platform) && message_faults(platform, live_message_row) == "";
  };
  CHECK(eventually(agrees, std::chrono::seconds{60}));
  CHECK(message_faults(platform, live_message_row) == "");
  engine->signal(SIGTERM);
  CHECK(engine->wait_for(std::chrono::seconds{40}) == 130);
}
