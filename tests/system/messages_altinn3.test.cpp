#include "live_ferry.hpp"
#include "message_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace dialogferry::system;

namespace {

const Days days{"2025-11-13", "2025-11-14"};
constexpr const char* altinn3_row = "a3-correspondence";

/// The tables of every row but the two of app instances, which LiveFerry has.
std::string other_rows(const Days& of) {
  return live_message_rows(of) +
         fmt::format("[rows.a2-archived-forms-historic]\norganisations = []\nfrom = {}\ncutover = {}\n"
                     "[rows.a2-archived-forms-live]\norganisations = []\n[rows.a3-correspondence]\n"
                     "[rows.dialog-services]\ninterval = \"1s\"\n",
                     of.from, of.to);
}

std::vector<std::string> everything(const Days& of) {
  return {"--days",
          of.from + ".." + of.to,
          "--per-day",
          "20",
          "--organisations",
          "2",
          "--forms-per-day",
          "10",
          "--forms-days",
          of.from + ".." + of.to,
          "--messages-per-day",
          "20",
          "--messages-unfit",
          "0"};
}

std::string happen(Platform& platform, const std::string& kind, const std::string& id) {
  return json::serialize(
      emit(platform, fmt::format(R"({{"changes": [{{"kind": "{}", "correspondence": "{}"}}]}})", kind, id)));
}

} // namespace

TEST_CASE("All eight rows run in one engine: a message of Altinn 3 without a dialog gets it, and it follows "
          "it to its end",
          "[system][messages][altinn3]") {
  Platform platform(everything(days));
  LiveFerry engine(platform, days, other_rows(days));
  engine.start();
  emit(platform, fmt::format(R"({{"deliver_to": "{}/events"}})", engine.url()));
  const auto make = [&](const std::string& more) {
    const auto made =
        emit(platform, R"({"changes": [{"kind": "a3_create", "confirmation": true)" + more + "}]}");
    return std::string(made.at("changes").at(0).at("correspondence").as_string());
  };
  const auto lost = make(R"(, "without_dialog": true)");
  const auto kept = make("");
  const auto hasty = make(R"(, "without_dialog": true)");
  for (const auto* kind : {"a3_read", "a3_confirm"})
    happen(platform, kind, hasty);
  const auto found = [&] {
    std::string wrong;
    const auto audit = platform.get("/_sim/audit");
    for (const auto& row : audit.at("rows").as_array())
      if (row.at("id").as_string() == altinn3_row)
        for (const auto* member : {"missing", "stale", "wrong", "doubled"})
          if (row.at(member).to_number<int>() > 0) wrong += json::serialize(row);
    return wrong;
  };
  const auto clean = [&] {
    return all_delivered(platform) && found().empty() &&
           audited(platform, altinn3_row, "expected") == audited(platform, altinn3_row, "present");
  };
  CHECK(engine.eventually([&] { return audited(platform, altinn3_row, "present") == 3 && clean(); }));
  for (const auto* kind : {"a3_read", "a3_confirm"})
    for (const auto& id : {lost, kept})
      happen(platform, kind, id);
  CHECK(engine.eventually(clean));
  CHECK(found() == "");
  happen(platform, "a3_purge", lost);
  CHECK(engine.eventually(clean));
  CHECK(found() == "");
  for (const auto* id : {"a3-app-instances-historic", "a2-archived-forms-historic", message_row})
    CHECK(engine.eventually([&] { return audited(platform, id, "missing") == 0; }, std::chrono::seconds{60}));
  INFO(engine.ferry().last_error());
  CHECK(engine.stop() == 130);
}

TEST_CASE("The page shows the newest dialog that a service owner wrote itself",
          "[system][messages][altinn3]") {
  Platform platform(everything(days));
  LiveFerry engine(platform, days, other_rows(days));
  engine.start();
  CHECK(engine.row("dialog-services").at("newest_direct").is_null());
  emit(platform, R"({"changes": [{"kind": "direct"}]})");
  CHECK(engine.eventually([&] { return !engine.row("dialog-services").at("newest_direct").is_null(); }));
  CHECK(engine.stop() == 130);
}
