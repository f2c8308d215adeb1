#include "message_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <random>

using namespace dialogferry::system;

namespace {

const Days days{"2025-11-14", "2025-11-14"};

struct Happening {
  std::uint64_t message = 0;
  std::string kind;
};

/// Some of archive, bin and restore, in any order.
std::vector<Happening> story(std::uint64_t message, std::mt19937& random) {
  static const std::array<std::string, 3> kinds{"archive", "bin", "restore"};
  std::uniform_int_distribution<std::size_t> kind(0, kinds.size() - 1);
  std::uniform_int_distribution<int> length(2, 5);
  std::vector<Happening> happenings;
  for (int left = length(random); left > 0; --left)
    happenings.push_back({message, kinds[kind(random)]});
  return happenings;
}

/// Deals the stories out to so many orders: each keeps its own order, over one call or many.
std::vector<std::vector<Happening>> spread(const std::vector<std::vector<Happening>>& stories,
                                           std::size_t orders, std::mt19937& random) {
  std::vector<std::vector<Happening>> dealt(orders);
  std::uniform_int_distribution<std::size_t> any(0, orders - 1);
  for (const auto& happenings : stories) {
    std::vector<std::size_t> when;
    for (std::size_t i = 0; i < happenings.size(); ++i)
      when.push_back(any(random));
    std::sort(when.begin(), when.end());
    for (std::size_t i = 0; i < happenings.size(); ++i)
      dealt[when[i]].push_back(happenings[i]);
  }
  return dealt;
}

std::string order_of(const std::vector<Happening>& happenings) {
  std::string events;
  for (const auto& each : happenings)
    events +=
        fmt::format(R"({}{{"message":{},"kind":"{}"}})", events.empty() ? "" : ",", each.message, each.kind);
  return R"({"events":[)" + events + "]}";
}

} // namespace

TEST_CASE("Archive, bin and restore in any order and any spread over calls end with the right label on every "
          "dialog",
          "[system][messages][live][OC-5][OC-6]") {
  const auto count = from_environment("TEST_LABELS", 150);
  std::mt19937 random(4711 + Catch::rngSeed());
  Platform platform(archive_of(days, 1, {"--job-time", "20ms", "--messages-unfit", "0"}));
  const Ferry ferry(platform, live_message_rows(days));
  const auto engine = ferry.stay();
  REQUIRE(eventually([&] { return audited(platform, message_row, "missing") == 0; }));

  const auto made =
      order_messages(platform, fmt::format(R"({{"create": {}, "unfit": 0, "attachments": 0}})", count));
  std::vector<std::vector<Happening>> stories;
  for (const auto& id : made.at("messages").as_array())
    stories.push_back(story(id.to_number<std::uint64_t>(), random));
  for (const auto& happenings : spread(stories, 5, random)) {
    if (!happenings.empty()) order_messages(platform, order_of(happenings));
    CHECK_FALSE(engine->wait_for(std::chrono::milliseconds{700})); // an interval may pass in between, or not
  }
  const auto agrees = [&] {
    return audited(platform, live_message_row, "expected") == count && jobs_are_done(platform) &&
           message_faults(platform, live_message_row) == "";
  };
  CHECK(eventually(agrees, std::chrono::seconds{60 + static_cast<long>(count) / 5}));
  INFO(ferry.last_error());
  CHECK(message_faults(platform, live_message_row) == "");
  CHECK(audited(platform, live_message_row, "wrongly_labelled") == 0);
  engine->signal(SIGTERM);
  CHECK(engine->wait_for(std::chrono::seconds{40}) == 130);
}
