#pragma once

#include "fault_plan.hpp"
#include "http_server.hpp"
#include "target.hpp"

#include <boost/json/object.hpp>

#include <mutex>

namespace altinn_sim {

/// A request as the faults see it.
struct FaultCall {
  Api api = Api::none;
  Method method = Method::get;
  const Target* target = nullptr;
  std::string_view body;
};

/// What is to go wrong with a request.
struct Effect {
  Fault fault = Fault::none;
  bool acts_first = false; ///< the service still does what it was asked: the lost acknowledgement
  int status = 0;          ///< of the answer that takes the service's place, where one does
  std::optional<int> retry_after_s;
  Delivery delivery;
  bool register_down = false;      ///< the service works, Register behind it does not
  Behind behind = Behind::nothing; ///< what goes wrong behind the service
};

/// Decides what goes wrong. The chances of a request follow from the seed, its own content and how often it
/// came before, never from its neighbours: a run repeats whatever the order in which threads and connections
/// are served. Safe to use from several threads.
class Faults {
public:
  /// Everything before is forgotten.
  void replace(FaultPlan plan);

  /// Adds a rule ahead of the others, or replaces the one of that name.
  void put_rule(FaultRule rule);

  /// False if there is no rule of that name.
  bool remove_rule(std::string_view name);

  Effect decide(const FaultCall& call, std::int64_t now_us);

  /// `{"rules": [{"name", "matched", "429": n, …}], "outages": n, "limits": […]}`: what has gone wrong so
  /// far.
  boost::json::object as_json() const;

private:
  struct Tally {
    std::uint64_t matched = 0;
    std::array<std::uint64_t, fault_kinds> hit{};
  };

  bool is_out(const Outage& outage, Api api, std::int64_t now_us) const;
  bool is_register_down(Api api, std::int64_t now_us) const;
  Effect by_outage(Api api, std::int64_t now_us);
  Effect by_limit(Api api, std::int64_t now_us);
  Effect by_rules(const FaultCall& call);
  std::uint64_t key_of(const FaultCall& call);

  mutable std::mutex mutex_;
  FaultPlan plan_;
  std::vector<Tally> tallies_;
  std::vector<HiddenLimit> limits_;
  std::array<std::optional<std::int64_t>, platform_apis> first_us_;
  std::uint64_t refused_by_outage_ = 0;
  std::vector<std::uint16_t>
      attempts_; ///< by hash of the request; the few that share a place share their count
};

/// Whether the rule is about this call.
bool matches(const FaultFilter& filter, const FaultCall& call);

/// Which fault a rule brings for a key, and what the fault looks like.
Effect draw(const FaultRule& rule, std::uint64_t key);

} // namespace altinn_sim
