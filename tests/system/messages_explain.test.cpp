#include "message_ferry.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry::system;

TEST_CASE("A message is explained from the archive over Correspondence to its dialog", "[system][messages]") {
  const Days days{"2025-11-10", "2025-11-10"};
  Platform platform(archive_of(days, 20, {"--messages-unfit", "0", "--messages-attachments", "0"}));
  const Ferry ferry(platform, message_rows(days));
  const auto list =
      platform.get("/a2-archive/api/v1/messages?order=desc:created&created=lt:2025-11-11T00:00:00Z");
  const auto& messages = list.at("messages").as_array();
  REQUIRE_FALSE(messages.empty());
  const auto id = std::to_string(messages[0].at("altinn2CorrespondenceId").to_number<std::int64_t>());
  const auto look = [&] {
    return json::parse(ferry.run({"explain", "--row", message_row, id, "--json"}).out);
  };

  const auto before = look();
  CHECK(before.at("mapping").at("action") == "create");
  CHECK(before.at("requests").as_array().size() == 1); // M2
  REQUIRE(ferry.carry().exit == 0);
  const auto after = look();
  const auto& target = after.at("target").as_array();
  REQUIRE(target.size() == 3); // its id in Altinn 3, what Correspondence has, the dialog
  for (const auto& exchange : target)
    CHECK(exchange.at("status") == 200);
  CHECK(after.at("requests").as_array().empty());
}
