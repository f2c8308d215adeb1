#include "flaws.hpp"

#include "json_reader.hpp"
#include "problem.hpp"
#include "storage/audit.hpp"
#include "storage/dice.hpp"
#include "storage/scan.hpp"
#include "storage/truth.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace altinn_sim {

namespace json = boost::json;
using dialogporten::Flaw;

namespace {

constexpr double most = 1'000'000;

struct Kind {
  std::string_view name;
  Flaw flaw;
};

constexpr std::array kinds{Kind{"missing", Flaw::missing}, Kind{"doubled", Flaw::doubled},
                           Kind{"stale", Flaw::stale}, Kind{"wrong_date", Flaw::wrong_date},
                           Kind{"wrong_party", Flaw::wrong_party}};

/// A record whose dialog is there, and can be told apart from what it would be an hour earlier or later.
struct Carried {
  std::string id;
  dialogporten::Uuid dialog;
  std::optional<correspondence::Uuid> message = {}; ///< in Correspondence, of a message's dialog
};

dialogporten::Uuid uuid_of(storage::Guid guid) {
  dialogporten::Uuid id;
  for (std::size_t at = 0; at < 8; ++at) {
    id.bytes[at] = static_cast<std::uint8_t>(guid.high >> (56 - 8 * at));
    id.bytes[at + 8] = static_cast<std::uint8_t>(guid.low >> (56 - 8 * at));
  }
  return id;
}

std::vector<Carried> carried_on(const storage::World& world, const dialogporten::Service& target,
                                const std::string& organisation, storage::Day day) {
  storage::Window window;
  window.org = organisation;
  window.from = day * storage::whole_day;
  window.to = window.from + storage::whole_day;
  window.versions = storage::historic_instances.versions;
  storage::Scan scan(world, window);
  std::vector<Carried> all;
  std::vector<storage::Row> group;
  storage::Record record;
  while (scan.next(group)) {
    for (const auto& row : group) {
      world.read(row, record);
      const auto truth = storage::truth_of(world, record);
      if (truth.verdict != storage::Verdict::carried) continue;
      const auto dialog = uuid_of(truth.id);
      if (target.visit(dialog, [](const auto&) {})) all.push_back({record.id(), dialog});
    }
  }
  return all;
}

/// Dialogs of messages that were created on the day.
std::vector<Carried> published_on(const archive::Archive& messages, const correspondence::Service& records,
                                  const dialogporten::Service& target, storage::Day day) {
  std::vector<Carried> all;
  messages.for_each(day, day, [&](const archive::Message& message, bool) {
    const auto record = records.find_altinn2(message.id);
    const auto named = record ? record->dialog() : std::nullopt;
    const auto dialog = named ? dialogporten::parse_uuid(*named) : std::nullopt;
    if (dialog && target.visit(*dialog, [](const auto&) {}))
      all.push_back({std::to_string(message.id), *dialog, record->id});
  });
  return all;
}

/// The same ones for the same seed, each once.
std::vector<Carried> shuffled(std::vector<Carried> all, std::uint64_t seed) {
  storage::Dice dice(seed);
  for (auto left = std::ssize(all); left > 1; --left)
    std::swap(all[static_cast<std::size_t>(left - 1)], all[static_cast<std::size_t>(dice.below(left))]);
  return all;
}

/// Where dialogs are made wrong.
struct Ground {
  const storage::World& world;
  dialogporten::Service& target;
  const archive::Archive& messages;
  correspondence::Service& correspondence;
};

constexpr std::string_view message_row = "a2-correspondence-historic";

Response plant(const Ground& ground, const json::value& body) {
  auto& target = ground.target;
  JsonReader members(body, "plant");
  const auto organisation = members.text("organisation", "an organisation's code").value_or("");
  const auto row = members.text("row", "a2-correspondence-historic").value_or("");
  if (!row.empty() && row != message_row) refuse("row", "a2-correspondence-historic");
  const auto day = storage::parse_day(members.text("day", "a day such as 2025-03-01").value_or(""));
  if (!day) refuse("day", "a day such as 2025-03-01");
  const auto seed = static_cast<std::uint64_t>(members.number("seed", 1, 0, most, "a whole number"));
  std::array<std::size_t, kinds.size()> counts{};
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    counts[kind] = static_cast<std::size_t>(members.number(kinds[kind].name, 0, 0, most, "a whole number"));
  const auto stranded = static_cast<std::size_t>(members.number("stranded", 0, 0, most, "a whole number"));
  members.finish();

  const auto all = shuffled(row.empty() ? carried_on(ground.world, target, organisation, *day)
                                        : published_on(ground.messages, ground.correspondence, target, *day),
                            seed);
  std::string party; // of a dialog that stays as it is
  if (!all.empty())
    target.visit(all.back().dialog, [&](const dialogporten::Summary& summary) { party = summary.party; });
  json::object planted;
  std::size_t next = 0;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    json::array ids;
    while (ids.size() < counts[kind] && next + 1 < all.size()) {
      const auto& chosen = all[next++];
      bool is_theirs = false;
      target.visit(chosen.dialog, [&](const auto& summary) { is_theirs = summary.party == party; });
      if (kinds[kind].flaw == Flaw::wrong_party && is_theirs) continue;
      if (target.spoil(chosen.dialog, kinds[kind].flaw, party)) ids.emplace_back(chosen.id);
    }
    if (ids.size() < counts[kind]) refuse(kinds[kind].name, "no more than the day has dialogs");
    planted[kinds[kind].name] = std::move(ids);
  }
  json::array forgotten;
  while (forgotten.size() < stranded && next + 1 < all.size()) {
    const auto& chosen = all[next++];
    if (chosen.message && ground.correspondence.forget_dialog(*chosen.message))
      forgotten.emplace_back(chosen.id);
  }
  if (forgotten.size() < stranded) refuse("stranded", "no more than the day has dialogs of messages");
  planted["stranded"] = std::move(forgotten);
  return json_answer(200, json::object{{"planted", std::move(planted)}});
}

} // namespace

void add_plant_control(Simulator& simulator, const storage::World& world, dialogporten::Service& target,
                       const archive::Archive& messages, correspondence::Service& correspondence) {
  const Ground ground{world, target, messages, correspondence};
  simulator.control("POST /plant", [ground](const Request& request) {
    try {
      boost::system::error_code error;
      const auto body = json::parse({request.body.data(), request.body.size()}, error);
      if (error) return problem_answer(400, "Bad request", "The body is no JSON: " + error.message());
      return plant(ground, body);
    } catch (const std::invalid_argument& error) {
      return problem_answer(400, "Bad request", error.what());
    }
  });
}

} // namespace altinn_sim
