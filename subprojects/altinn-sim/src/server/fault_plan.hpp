#pragma once

#include "hidden_limit.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace altinn_sim {

/// What can go wrong with a request, in the order in which a rule's rates are named.
enum class Fault : std::uint8_t {
  too_many,
  server_error,
  reset,
  slow_body,
  broken_json,
  expired_token,
  not_found,          ///< Storage's GET of an instance hides any exception in a 404 (storage.md 2.10)
  refused_behind_400, ///< Dialogporten refuses what Correspondence writes to answer the request
  refused_behind_422,
  lost_behind, ///< Dialogporten stores what Correspondence writes, and answers 500 (observed.md OC-1)
  cut_body,    ///< the body breaks off in its midst, the connection is reset
  overloaded,  ///< 503, with the rule's Retry-After
  none
};

inline constexpr std::size_t fault_kinds = 12;

/// "429", "5xx", "resets", "slow_bodies", "broken_json", "expired_tokens", "404", "publish_400",
/// "publish_422", "publish_stored_500", "cut_bodies", "503", "none".
std::string_view name_of(Fault fault);

/// Which requests a rule is about; what is absent matches everything.
struct FaultFilter {
  std::optional<Api> api;
  std::optional<Method> method;
  std::function<bool(const std::string&)> path; ///< whether it is about this decoded path
  std::string query;                            ///< found anywhere in the decoded query
  std::string org;                              ///< the parameter `org`
  std::optional<std::int64_t>
      day; ///< a list whose window of `lastChanged` ends on that day (days since 1970)
};

/// How often what goes wrong.
struct FaultRule {
  std::string name;
  FaultFilter filter;
  std::array<double, fault_kinds> rates{}; ///< share of the requests, by Fault; together at most 1
  RetryAfter retry_after = RetryAfter::alternate;
  std::chrono::milliseconds retry_after_for{1000}; ///< what Retry-After asks for, in whole seconds
  std::chrono::milliseconds slow_for{2000};        ///< how long a slow body takes
  bool stall = false;                  ///< a slow body stops half way and is reset after `slow_for`
  std::optional<std::uint64_t> cut_at; ///< bytes after which a body breaks off; absent: anywhere
};

/// What one sees of an API that is down.
enum class OutageWay : std::uint8_t {
  reset,          ///< connections are reset
  unavailable,    ///< 503
  register_behind ///< Dialogporten is up, Register behind it is not (observed.md OD-2)
};

/// A time in which an API does not answer; it counts from the first request to the API.
struct Outage {
  std::optional<Api> api; ///< none = all
  std::chrono::milliseconds start_in{0};
  std::chrono::milliseconds duration{0};
  OutageWay way = OutageWay::reset;
};

struct FaultPlan {
  std::uint64_t seed = 1;
  std::vector<FaultRule> rules;
  std::vector<Outage> outages;
  std::vector<LimitPlan> limits;
};

/// Reads a plan:
/// `{"seed": 7, <rates for every API>, "rules": [{"name", "api", "method", "path", "query", "org", "day",
/// <rates>, "retry_after": "on|off|alternate", "retry_after_for": "1s", "slow_for": "2s", "stall": true,
/// "cut_at": 1000}], "outages": [{"api", "start_in": "5s", "duration": "10s", "how":
/// "reset|503|register-behind"}], "limit":
/// {"api", "schedule":
/// [[rate, seconds], …], "burst_seconds": 1, "retry_after"}}` with rates as `"429": 0.02`; "limit" may be an
/// array of such. Every member is optional. Throws std::invalid_argument saying which member is wrong and
/// what is allowed.
FaultPlan read_fault_plan(const boost::json::value& source);

/// Reads one rule, as above.
FaultRule read_fault_rule(const boost::json::value& source);

} // namespace altinn_sim
