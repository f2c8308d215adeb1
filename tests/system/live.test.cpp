#include "live_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace dialogferry::system;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const Days days{"2025-11-13", "2025-11-14"};
const std::vector<std::string> history = {"--days", "2025-11-13..2025-11-14", "--per-day",
                                          "50",     "--organisations",        "2"};
constexpr const char* soon = "poll = \"1s\"\n[mapping]\npurge_confirm = \"2s\"\n";
constexpr const char* update = "PUT /dialogporten/api/v1/serviceowner/dialogs/{dialogId}";
constexpr const char* purge = "POST /dialogporten/api/v1/serviceowner/dialogs/{dialogId}/actions/purge";

/// A platform and an engine that has carried its history.
struct Live {
  explicit Live(const std::string& settings = soon)
      : ferry(platform, days, settings) {
    ferry.start();
    emit(platform, fmt::format(R"({{"deliver_to":"{}/events"}})", ferry.url()));
    REQUIRE(ferry.eventually([&] { return platform.audit().missing == 0; }));
  }

  /// One change; the instance it happened to.
  std::string change(const std::string& kind, const std::string& instance = {},
                     const std::string& more = {}) {
    const auto what =
        instance.empty() ? std::string(R"("organisation":"skd")") : R"("instance":")" + instance + '"';
    const auto told =
        emit(platform, fmt::format(R"({{"changes":[{{"kind":"{}",{}{}}}]}})", kind, what, more));
    const auto& made = told.at("changes").at(0);
    dialog = made.at("dialog").as_string();
    return std::string(made.at("instance").as_string());
  }

  std::uint64_t carried(const char* outcome) {
    return ferry.row().at("counts").at(outcome).to_number<std::uint64_t>();
  }
  /// Waits until the live row has so many records of that outcome.
  bool reaches(const char* outcome, std::uint64_t count, milliseconds within = seconds{20}) {
    return ferry.eventually([&] { return carried(outcome) >= count; }, within);
  }
  bool newest() {
    return ferry.eventually([&] { return all_delivered(platform) && platform.audit(live_row).exact(); });
  }

  Platform platform{history};
  LiveFerry ferry;
  std::string dialog;
};

} // namespace

TEST_CASE("A created, changed, deleted, restored and finally erased instance has its dialog follow",
          "[system][live]") {
  Live live;
  const auto instance = live.change("create");
  CHECK(live.reaches("created", 1));
  live.change("save", instance);
  live.change("submit", instance);
  CHECK(live.reaches("updated", 1));
  CHECK(live.newest());
  live.change("delete", instance);
  CHECK(live.reaches("deleted", 1));
  live.change("undelete", instance);
  CHECK(live.reaches("restored", 1));
  CHECK(live.newest());
  live.change("hard_delete", instance);
  CHECK(live.reaches("purged", 1));
  CHECK(live.newest());
  CHECK(live.ferry.stop() == 130);
}

TEST_CASE("A record that has not changed costs no write, and an end user's label stays",
          "[system][live][D-5]") {
  Live live;
  const auto instance = live.change("create");
  CHECK(live.reaches("created", 1));
  const auto labels =
      "/dialogporten/api/v1/serviceowner/dialogs/" + live.dialog + "/endusercontext/systemlabels";
  const auto bin = json::parse(
      R"({"addLabels":["Bin"],"performedBy":{"actorType":"PartyRepresentative","actorName":"Kari"}})");
  CHECK(live.platform.request("PUT", labels, bin).status == 204);
  const auto writes = live.platform.requests_to(update);
  for (std::uint64_t times = 1; times <= 3; ++times) {
    live.change("unrelated", instance);
    CHECK(live.reaches("unchanged", times));
  }
  CHECK(live.platform.requests_to(update) == writes);
  const auto dialog = live.platform.get("/dialogporten/api/v1/serviceowner/dialogs/" + live.dialog);
  CHECK(json::serialize(dialog.at("endUserContext").at("systemLabels")) == R"(["Bin"])");
}

TEST_CASE("A change that no event tells of is carried within the stream's interval and five seconds",
          "[system][live][D-12]") {
  Live live;
  live.change("create", {}, R"(,"event":false)");
  CHECK(live.reaches("created", 1, seconds{1 + 5}));
  CHECK(live.newest());
}

TEST_CASE("An instance that is gone is purged only after a second confirmation",
          "[system][live][storage 2.10]") {
  Live live;
  const auto instance = live.change("create");
  CHECK(live.reaches("created", 1));
  const auto before = std::chrono::steady_clock::now();
  live.change("vanish", instance, R"(,"event":true)");
  REQUIRE(live.reaches("purged", 1));
  CHECK(std::chrono::steady_clock::now() - before >= seconds{2});
  CHECK(live.newest());
}

TEST_CASE("A 404 that hides an internal error purges nothing", "[system][live][storage 2.10]") {
  Live live;
  const auto instance = live.change("create");
  CHECK(live.reaches("created", 1));
  live.platform.put_rule(
      "hidden", R"({"api":"storage","method":"GET","path":"/instances/[^?]*[0-9a-f]{12}$","404":0.7})");
  for (int i = 0; i < 5; ++i)
    live.change("save", instance);
  CHECK(live.newest());
  live.platform.remove_rule("hidden");
  CHECK(live.platform.requests_to(purge) == 0);
}

TEST_CASE("Changes of records whose history is being carried end with the newest version", "[system][live]") {
  Platform platform({"--days", "2025-11-10..2025-11-14", "--per-day", "100", "--organisations", "4"});
  LiveFerry ferry(platform, Days{"2025-11-10", "2025-11-14"}, soon);
  ferry.start({"apis.dialogporten.rate=400", "apis.dialogporten.burst=20"});
  emit(platform, fmt::format(R"({{"deliver_to":"{}/events","rate":100,"seconds":5,"seed":7,"history":0.8,)"
                             R"("without_event":0.1,"duplicates":0.2,"reorder":0.2,"bursts":0.2}})",
                             ferry.url()));
  const bool whole = ferry.eventually(
      [&] { return all_delivered(platform) && platform.audit().exact() && platform.audit(live_row).exact(); },
      std::chrono::minutes{2});
  INFO(json::serialize(platform.get("/_sim/audit")));
  CHECK(whole);
  CHECK(ferry.stop() == 130);
  const auto live = platform.audit(live_row);
  CHECK(live.exact());
  CHECK(live.expected > 100);
}
