#include "message_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

using namespace dialogferry::system;

namespace {

const Days days{"2025-11-10", "2025-11-12"};

/// The peak memory in kB of an engine that carries a history in which one attachment has so many bytes.
std::uint64_t peak_with(std::uint64_t bytes) {
  Platform platform(archive_of(days, 100, {"--messages-unfit", "0", "--messages-attachments", "0.2"}));
  order_messages(
      platform, fmt::format(R"({{"attachment": {{"size": {}}}, "created": "2025-11-11T10:00:00Z"}})", bytes));
  const Ferry ferry(platform, message_rows(days, "page_size = 20\n"));
  const auto engine = ferry.start();
  std::uint64_t peak = 0;
  std::optional<int> exit;
  const auto over = [&] {
    peak = std::max(peak, engine->peak_memory());
    exit = engine->wait_for(std::chrono::milliseconds{1});
    return exit.has_value();
  };
  CHECK(eventually(over, std::chrono::minutes{5}));
  CHECK(exit == 0);
  CHECK(message_disagreement(platform, ferry) == "");
  CHECK(audited(platform, message_row, "doubled_uploads") == 0);
  return peak;
}

} // namespace

TEST_CASE("An attachment of any size takes no memory but its buffers", "[system][messages][memory]") {
  constexpr std::uint64_t mebibyte = 1'048'576;
  constexpr std::uint64_t most_more = 8'192; // kB
  const auto size = from_environment("TEST_ATTACHMENT_MIB", 256) * mebibyte;
  const auto without = peak_with(1'000);
  const auto with = peak_with(size);
  INFO(without << " kB, with the attachment " << with << " kB");
  CHECK(without > 0);
  CHECK(with < without + most_more);
}

TEST_CASE("An archive that breaks streams off and is slow leaves no half attachment behind",
          "[system][messages][faults]") {
  Platform platform(archive_of(days, 150, {"--messages-attachments", "0.5", "--messages-unfit", "0"}));
  platform.faults(R"({"rules": [
    {"api": "a2_archive", "path": "attachments", "cut_bodies": 0.1, "cut_at": 1},
    {"api": "a2_archive", "path": "messages", "cut_bodies": 0.1}, {"api": "a2_archive", "5xx": 0.05},
    {"api": "correspondence", "path": "attachment", "resets": 0.05, "5xx": 0.05}]})");
  const Ferry ferry(platform, message_rows(days, "page_size = 20\n"));
  const auto ran = ferry.carry();
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(message_disagreement(platform, ferry) == "");
}

TEST_CASE("A stream that breaks off at any byte is begun anew", "[system][messages][faults]") {
  const auto at = GENERATE(0, 1, 999);
  Platform platform(
      archive_of({"2025-11-11", "2025-11-11"}, 1, {"--messages-attachments", "0", "--messages-unfit", "0"}));
  order_messages(platform, R"({"attachment": {"size": 1000}, "created": "2025-11-11T10:00:00Z"})");
  platform.faults(fmt::format(
      R"({{"rules": [{{"api": "a2_archive", "path": "attachments", "cut_bodies": 0.6, "cut_at": {}}}]}})",
      at));
  const Ferry ferry(platform, message_rows({"2025-11-11", "2025-11-11"}));
  auto ran = ferry.carry();
  platform.faults("{}");
  if (ran.exit != 0) ran = ferry.carry(); // five times broken off: it waits for the archive
  INFO(ran.err);
  CHECK(message_disagreement(platform, ferry) == "");
}
