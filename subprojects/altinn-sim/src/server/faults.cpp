#include "faults.hpp"

#include "storage/dice.hpp"
#include "storage/time.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <functional>

namespace altinn_sim {

namespace json = boost::json;

namespace {

constexpr std::size_t attempt_places = 1ULL << 20U;

/// 0 up to 1.
double share(std::uint64_t bits) {
  return static_cast<double>(bits >> 11U) * 0x1p-53;
}

/// The day a list's window of `lastChanged` ends on: of the last instant that an upper bound lets through, or
/// of the lower bound where there is no upper one.
std::optional<std::int64_t> last_day_of(const Target& target) {
  std::optional<std::int64_t> upper;
  std::optional<std::int64_t> lower;
  for (const auto& [name, value] : target.parameters) {
    auto colon = value.find(':');
    if (name != "lastChanged" || colon == std::string::npos) continue;
    auto time = storage::parse_time(std::string_view(value).substr(colon + 1));
    if (!time) continue;
    auto operation = std::string_view(value).substr(0, colon);
    if (operation == "lt") upper = *time - 1;
    if (operation == "lte" || operation == "eq") upper = *time;
    if (operation == "gt" || operation == "gte") lower = *time;
  }
  auto end = upper ? upper : lower;
  if (!end) return std::nullopt;
  return storage::day_of(*end);
}

bool has_org(const Target& target, const std::string& org) {
  return std::any_of(target.parameters.begin(), target.parameters.end(),
                     [&](const auto& each) { return each.first == "org" && each.second == org; });
}

Effect refusal(Fault fault, int status) {
  Effect effect;
  effect.fault = fault;
  effect.status = status;
  return effect;
}

/// The service answers; what it asks of Dialogporten goes wrong.
Effect behind(Fault fault, Behind what) {
  Effect effect;
  effect.fault = fault;
  effect.acts_first = true;
  effect.behind = what;
  return effect;
}

Effect reset_effect() {
  Effect effect;
  effect.fault = Fault::reset;
  effect.delivery.way = Delivery::Way::reset;
  return effect;
}

} // namespace

bool matches(const FaultFilter& filter, const FaultCall& call) {
  if (filter.api && *filter.api != call.api) return false;
  if (filter.method && *filter.method != call.method) return false;
  if (!filter.org.empty() && !has_org(*call.target, filter.org)) return false;
  if (filter.day && last_day_of(*call.target) != filter.day) return false;
  if (!filter.query.empty() &&
      percent_decoded(call.target->query, true).find(filter.query) == std::string::npos) {
    return false;
  }
  return !filter.path || filter.path(call.target->path);
}

Effect draw(const FaultRule& rule, std::uint64_t key) {
  auto chance = share(storage::mix(key, 1));
  std::size_t kind = 0;
  while (kind < fault_kinds && chance >= rule.rates[kind])
    chance -= rule.rates[kind++];
  bool coin = (storage::mix(key, 2) & 1U) != 0;
  switch (static_cast<Fault>(kind)) {
  case Fault::none: return {};
  case Fault::too_many:
  case Fault::overloaded: {
    const auto fault = static_cast<Fault>(kind);
    auto effect = refusal(fault, fault == Fault::too_many ? 429 : 503);
    bool told = rule.retry_after == RetryAfter::on || (rule.retry_after == RetryAfter::alternate && coin);
    if (told) effect.retry_after_s = static_cast<int>(rule.retry_after_for.count() / 1000);
    return effect;
  }
  case Fault::server_error: {
    constexpr std::array statuses = {500, 502, 503};
    return refusal(Fault::server_error, statuses[storage::mix(key, 3) % statuses.size()]);
  }
  case Fault::reset: {
    auto effect = reset_effect();
    effect.acts_first = coin;
    return effect;
  }
  case Fault::slow_body: {
    auto effect = refusal(Fault::slow_body, coin ? 0 : 503);
    effect.acts_first = coin;
    effect.delivery.way = rule.stall ? Delivery::Way::stall : Delivery::Way::dribble;
    effect.delivery.over = rule.slow_for;
    return effect;
  }
  case Fault::broken_json: {
    auto effect = refusal(Fault::broken_json, 0);
    effect.acts_first = true;
    return effect;
  }
  case Fault::cut_body: {
    auto effect = refusal(Fault::cut_body, 0);
    effect.acts_first = true;
    effect.delivery.way = Delivery::Way::cut;
    effect.delivery.cut_at = rule.cut_at.value_or(0);
    if (!rule.cut_at) effect.delivery.cut_share = share(storage::mix(key, 4));
    return effect;
  }
  case Fault::expired_token: return refusal(Fault::expired_token, 401);
  case Fault::not_found: return refusal(Fault::not_found, 404);
  case Fault::refused_behind_400: return behind(Fault::refused_behind_400, Behind::refused_400);
  case Fault::refused_behind_422: return behind(Fault::refused_behind_422, Behind::refused_422);
  case Fault::lost_behind: return behind(Fault::lost_behind, Behind::error_after_store);
  }
  return {};
}

void Faults::replace(FaultPlan plan) {
  std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
  tallies_.assign(plan_.rules.size(), {});
  limits_.clear();
  for (const auto& limit : plan_.limits)
    limits_.emplace_back(limit);
  first_us_.fill(std::nullopt);
  refused_by_outage_ = 0;
  attempts_.clear();
}

void Faults::put_rule(FaultRule rule) {
  std::lock_guard lock(mutex_);
  auto found = std::find_if(plan_.rules.begin(), plan_.rules.end(),
                            [&](const FaultRule& each) { return each.name == rule.name; });
  if (found != plan_.rules.end()) {
    *found = std::move(rule);
    return;
  }
  plan_.rules.insert(plan_.rules.begin(), std::move(rule));
  tallies_.insert(tallies_.begin(), Tally{});
}

bool Faults::remove_rule(std::string_view name) {
  std::lock_guard lock(mutex_);
  auto found = std::find_if(plan_.rules.begin(), plan_.rules.end(),
                            [&](const FaultRule& each) { return each.name == name; });
  if (found == plan_.rules.end()) return false;
  tallies_.erase(tallies_.begin() + (found - plan_.rules.begin()));
  plan_.rules.erase(found);
  return true;
}

Effect Faults::decide(const FaultCall& call, std::int64_t now_us) {
  auto index = static_cast<std::size_t>(call.api);
  if (index >= platform_apis) return {};
  std::lock_guard lock(mutex_);
  if (!first_us_[index]) first_us_[index] = now_us;
  if (auto effect = by_outage(call.api, now_us); effect.fault != Fault::none) return effect;
  if (auto effect = by_limit(call.api, now_us); effect.fault != Fault::none) return effect;
  auto effect = by_rules(call);
  effect.register_down = is_register_down(call.api, now_us);
  return effect;
}

bool Faults::is_register_down(Api api, std::int64_t now_us) const {
  if (api != Api::dialogporten) return false;
  return std::any_of(plan_.outages.begin(), plan_.outages.end(), [&](const Outage& each) {
    return each.way == OutageWay::register_behind && is_out(each, api, now_us);
  });
}

bool Faults::is_out(const Outage& outage, Api api, std::int64_t now_us) const {
  if (outage.api && *outage.api != api) return false;
  auto since = std::chrono::microseconds(now_us - *first_us_[static_cast<std::size_t>(api)]);
  return since >= outage.start_in && since < outage.start_in + outage.duration;
}

Effect Faults::by_outage(Api api, std::int64_t now_us) {
  auto found = std::find_if(plan_.outages.begin(), plan_.outages.end(), [&](const Outage& each) {
    return each.way != OutageWay::register_behind && is_out(each, api, now_us);
  });
  if (found == plan_.outages.end()) return {};
  ++refused_by_outage_;
  return found->way == OutageWay::reset ? reset_effect() : refusal(Fault::server_error, 503);
}

Effect Faults::by_limit(Api api, std::int64_t now_us) {
  for (auto& limit : limits_) {
    if (limit.api() != api) continue;
    auto verdict = limit.ask(now_us);
    if (verdict.allowed) continue;
    auto effect = refusal(Fault::too_many, 429);
    effect.retry_after_s = verdict.retry_after_s;
    return effect;
  }
  return {};
}

/// Counts the attempt: the same request asked again meets new chances.
std::uint64_t Faults::key_of(const FaultCall& call) {
  if (attempts_.empty()) attempts_.resize(attempt_places);
  std::hash<std::string_view> hash;
  auto request = storage::mix(static_cast<std::uint64_t>(call.method), hash(call.target->path),
                              hash(call.target->query), hash(call.body));
  auto attempt = attempts_[request % attempt_places]++;
  return storage::mix(plan_.seed, request, std::uint64_t{attempt});
}

Effect Faults::by_rules(const FaultCall& call) {
  std::optional<std::uint64_t> key;
  for (std::size_t at = 0; at < plan_.rules.size(); ++at) {
    if (!matches(plan_.rules[at].filter, call)) continue;
    if (!key) key = key_of(call);
    ++tallies_[at].matched;
    auto effect = draw(plan_.rules[at], storage::mix(*key, std::hash<std::string>()(plan_.rules[at].name)));
    if (effect.fault == Fault::none) continue;
    ++tallies_[at].hit[static_cast<std::size_t>(effect.fault)];
    return effect;
  }
  return {};
}

json::object Faults::as_json() const {
  std::lock_guard lock(mutex_);
  json::array rules;
  for (std::size_t at = 0; at < tallies_.size(); ++at) {
    json::object rule{{"name", plan_.rules[at].name}, {"matched", tallies_[at].matched}};
    for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
      rule.emplace(name_of(static_cast<Fault>(kind)), tallies_[at].hit[kind]);
    }
    rules.push_back(std::move(rule));
  }
  json::array limits;
  for (const auto& limit : limits_)
    limits.push_back(limit.as_json());
  return {
      {"rules", std::move(rules)}, {"refused_by_outage", refused_by_outage_}, {"limits", std::move(limits)}};
}

} // namespace altinn_sim
