#include "live/row_controls.hpp"

#include "json_reader.hpp"
#include "problem.hpp"
#include "storage/planting.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace altinn_sim::live {

namespace json = boost::json;
using namespace storage;

namespace {

constexpr double most_rows = 100'000;

/// What can be wrong with a stored row.
struct Spoiling {
  std::string_view name;
  void (*spoil)(Record&);
};

void lose_status(Record& record) {
  record.has_status = record.archived = record.soft_deleted = record.hard_deleted = false;
}

constexpr std::array<Spoiling, 4> spoilings{{
    {"unreadable", [](Record& record) { record.unreadable = true; }},
    {"readable", [](Record& record) { record.unreadable = false; }},
    {"without_status", lose_status},
    {"without_last_changed", [](Record& record) { record.has_last_changed = false; }},
}};

std::int64_t count_in(JsonReader& members, std::string_view name, double otherwise) {
  return static_cast<std::int64_t>(
      members.number(name, otherwise, 0, most_rows, "a whole number up to 100000"));
}

Ticks time_in(JsonReader& members, std::string_view name) {
  const auto time = parse_time(members.text(name, "a date-time").value_or(""));
  if (!time) refuse(name, "a date-time");
  return *time;
}

std::vector<Guid> plant_ties(World& world, const json::value& source) {
  JsonReader members(source, "tie_group");
  TieGroup group;
  group.organisation = members.text("organisation", "an organisation's code").value_or("");
  group.time = time_in(members, "time");
  group.count = count_in(members, "count", 1000);
  group.set_back_every = count_in(members, "set_back_every", 0);
  const auto usual = std::chrono::milliseconds(group.set_back_by / millisecond);
  group.set_back_by = members.duration("set_back_by", usual).count() * millisecond;
  members.finish();
  return plant(world, group);
}

/// One instance as "party/guid", or some of a day: {"organisation", "day", "count"}.
std::vector<Guid> chosen(const World& world, const json::value& source, std::string_view name) {
  constexpr std::string_view allowed = "an instance as \"party/guid\", or {organisation, day, count}";
  if (source.is_string()) {
    const std::string_view id(source.get_string().data(), source.get_string().size());
    const auto guid = parse_guid(id.substr(id.rfind('/') + 1));
    if (!guid) refuse(name, allowed);
    return {*guid};
  }
  JsonReader members(source, name);
  const auto organisation = members.text("organisation", "an organisation's code").value_or("");
  const auto day = parse_day(members.text("day", "a day such as 2025-03-01").value_or(""));
  if (!day) refuse("day", "a day such as 2025-03-01");
  const auto count = count_in(members, "count", 1);
  members.finish();
  return some_rows(world, organisation, *day, count);
}

json::array ids_of(const World& world, const std::vector<Guid>& rows) {
  json::array out;
  Record record;
  for (const auto& guid : rows) {
    if (world.find(guid, record)) out.emplace_back(record.id());
  }
  return out;
}

Response plant_rows(World& world, Changes& changes, const json::value& body) {
  JsonReader members(body, "rows");
  std::vector<Guid> touched;
  if (const auto* group = members.find("tie_group")) touched = plant_ties(world, *group);
  for (const auto& [name, spoil] : spoilings) {
    const auto* source = members.find(name);
    if (source == nullptr) continue;
    for (const auto& guid : chosen(world, *source, name)) {
      if (!changes.rewrite(guid, spoil)) refuse(name, "there is no such instance");
      touched.push_back(guid);
    }
  }
  members.finish();
  return json_answer(200, json::object{{"rows", ids_of(world, touched)}});
}

bool is_code(const std::string& text) {
  return !text.empty() && text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  });
}

Response let_come(World& world, const json::value& body) {
  JsonReader members(body, "organisation");
  constexpr std::string_view allowed = "a code such as nav";
  const auto code = members.text("organisation", allowed).value_or("");
  members.finish();
  if (!is_code(code)) refuse("organisation", allowed);
  const auto& organisation = world.add_organisation(code);
  json::array apps;
  for (const auto& app : organisation.apps)
    apps.emplace_back(app.application->id);
  return json_answer(200, json::object{{"organisation", code}, {"applications", std::move(apps)}});
}

template <class Use>
Response with_body(const Request& request, Use use) {
  try {
    boost::system::error_code error;
    const auto body = json::parse({request.body.data(), request.body.size()}, error);
    if (error) return problem_answer(400, "Bad request", "The body is no JSON: " + error.message());
    return use(body);
  } catch (const std::invalid_argument& error) {
    return problem_answer(400, "Bad request", error.what());
  }
}

} // namespace

void add_row_controls(Simulator& simulator, World& world, Changes& changes) {
  simulator.control("POST /rows", [&](const Request& request) {
    return with_body(request, [&](const json::value& body) { return plant_rows(world, changes, body); });
  });
  simulator.control("POST /organisations", [&](const Request& request) {
    return with_body(request, [&](const json::value& body) { return let_come(world, body); });
  });
}

} // namespace altinn_sim::live
