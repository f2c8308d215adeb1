#include "fault_plan.hpp"

#include "json_reader.hpp"
#include "storage/time.hpp"
#include "target.hpp"

#include <algorithm>
#include <numeric>
#include <regex>

namespace altinn_sim {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, fault_kinds + 1> fault_names = {
    "429", "5xx",         "resets",      "slow_bodies",        "broken_json", "expired_tokens",
    "404", "publish_400", "publish_422", "publish_stored_500", "cut_bodies",  "503",
    "none"};

std::optional<Api> read_api(JsonReader& members) {
  constexpr std::string_view allowed =
      "one of storage, events, register, dialogporten, correspondence, a2_archive";
  auto name = members.text("api", allowed);
  if (!name) return std::nullopt;
  auto api = platform_api_named(*name);
  if (api == Api::none) refuse("api", allowed);
  return api;
}

RetryAfter read_retry_after(JsonReader& members, RetryAfter otherwise) {
  return static_cast<RetryAfter>(
      members.choice("retry_after", {"on", "off", "alternate"}, static_cast<std::size_t>(otherwise)));
}

void read_rates(JsonReader& members, FaultRule& rule) {
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    rule.rates[kind] = members.number(fault_names[kind], 0, 0, 1, "a share from 0 to 1");
  }
  if (std::accumulate(rule.rates.begin(), rule.rates.end(), 0.0) > 1 + 1e-9) {
    refuse(rule.name.empty() ? "rates" : rule.name, "the shares together may be 1 at the most");
  }
  rule.retry_after = read_retry_after(members, rule.retry_after);
  rule.retry_after_for = members.duration("retry_after_for", rule.retry_after_for);
  rule.slow_for = members.duration("slow_for", rule.slow_for);
  rule.stall = members.flag("stall");
  if (members.find("cut_at") != nullptr)
    rule.cut_at = static_cast<std::uint64_t>(members.number("cut_at", 0, 0, 1e15, "a number of bytes"));
}

FaultFilter read_filter(JsonReader& members) {
  FaultFilter filter;
  filter.api = read_api(members);
  if (auto method = members.text("method", "a method such as \"GET\"")) filter.method = method_named(*method);
  if (auto path = members.text("path", "a regular expression")) {
    try {
      filter.path = [form = std::regex(*path, std::regex::optimize)](const std::string& text) {
        return std::regex_search(text, form);
      };
    } catch (const std::regex_error& error) {
      refuse("path", error.what());
    }
  }
  filter.query = members.text("query", "a text").value_or("");
  filter.org = members.text("org", "an organisation's code").value_or("");
  if (auto day = members.text("day", "a day such as \"2025-03-01\"")) {
    filter.day = storage::parse_day(*day);
    if (!filter.day) refuse("day", "a day such as \"2025-03-01\"");
  }
  return filter;
}

Outage read_outage(const json::value& source) {
  JsonReader members(source, "outages");
  Outage outage;
  outage.api = read_api(members);
  outage.start_in = members.duration("start_in", outage.start_in);
  outage.duration = members.duration("duration", outage.duration);
  outage.way = static_cast<OutageWay>(members.choice("how", {"reset", "503", "register-behind"}, 0));
  members.finish();
  return outage;
}

LimitPlan::Plateau read_plateau(const json::value& source) {
  constexpr std::string_view allowed = "pairs of a rate and seconds, both above 0: [[100, 120]]";
  if (!source.is_array() || source.get_array().size() != 2) refuse("schedule", allowed);
  const auto& pair = source.get_array();
  if (!pair[0].is_number() || !pair[1].is_number()) refuse("schedule", allowed);
  LimitPlan::Plateau plateau{pair[0].to_number<double>(), pair[1].to_number<double>()};
  if (!(plateau.rate > 0 && plateau.seconds > 0)) refuse("schedule", allowed);
  return plateau;
}

LimitPlan read_limit(const json::value& source) {
  JsonReader members(source, "limit");
  LimitPlan limit;
  auto api = read_api(members);
  if (!api)
    refuse("api", "a limit needs one of storage, events, register, dialogporten, correspondence, a2_archive");
  limit.api = *api;
  const auto* schedule = members.find("schedule");
  if (schedule == nullptr || !schedule->is_array() || schedule->get_array().empty()) {
    refuse("schedule", "a limit needs a list of [rate, seconds]");
  }
  for (const auto& plateau : schedule->get_array())
    limit.schedule.push_back(read_plateau(plateau));
  limit.burst_seconds = members.number("burst_seconds", 1, 0.001, 3600, "seconds from 0.001 to 3600");
  limit.retry_after = read_retry_after(members, limit.retry_after);
  members.finish();
  return limit;
}

/// Calls `read` with each element of an array, or with a lone object.
template <class Read>
void for_each_in(const json::value* source, Read read) {
  if (source == nullptr || source->is_null()) return;
  if (!source->is_array()) return read(*source);
  for (const auto& element : source->get_array())
    read(element);
}

} // namespace

std::string_view name_of(Fault fault) {
  return fault_names[static_cast<std::size_t>(fault)];
}

FaultRule read_fault_rule(const json::value& source) {
  JsonReader members(source, "rules");
  FaultRule rule;
  rule.name = members.text("name", "a text").value_or("");
  rule.filter = read_filter(members);
  read_rates(members, rule);
  members.finish();
  return rule;
}

FaultPlan read_fault_plan(const json::value& source) {
  JsonReader members(source, "faults");
  FaultPlan plan;
  plan.seed = static_cast<std::uint64_t>(members.number("seed", 1, 0, 1e15, "a whole number"));
  for_each_in(members.find("rules"),
              [&](const json::value& rule) { plan.rules.push_back(read_fault_rule(rule)); });
  FaultRule everywhere;
  read_rates(members, everywhere);
  bool any =
      std::any_of(everywhere.rates.begin(), everywhere.rates.end(), [](double rate) { return rate > 0; });
  if (any) plan.rules.push_back(std::move(everywhere));
  for_each_in(members.find("outages"),
              [&](const json::value& each) { plan.outages.push_back(read_outage(each)); });
  for_each_in(members.find("limit"),
              [&](const json::value& each) { plan.limits.push_back(read_limit(each)); });
  members.finish();
  return plan;
}

} // namespace altinn_sim
