#pragma once

#include <dialogferry/engine/moment.hpp>
#include <dialogferry/ledger/one_rate.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// What PostgreSQL decides of one API's rate (src/ledger/postgres/one_rate.cpp), in a few lines: for worlds
/// without a database, and to compare the database with.
namespace dialogferry::engine::simulated {

class RateBoard {
public:
  ledger::RateShare exchange(const std::string& engine, const ledger::RateUse& use, Moment now) {
    const bool led = leader_ == engine;
    const bool leads = led || leads_until_ < now;
    note(use, led, now);
    if (leads) {
      leader_ = engine;
      leads_until_ = now + ledger::lead_lasts;
    }
    std::erase_if(engines_, [&](const auto& each) { return each.second.until < now; });
    const bool is_new = !engines_.contains(engine);
    auto& mine = engines_[engine];
    mine.wanted = use.wanted;
    mine.until = now + ledger::share_lasts;
    mine.share = is_new ? 0 : std::min(fair(engine, use.rate), 1 - held_by_others(engine));

    ledger::RateShare heard;
    heard.api = use.api;
    heard.share = mine.share;
    heard.engines = static_cast<std::uint32_t>(engines_.size());
    heard.leads = leads;
    if (leads) heard.answers = std::exchange(unheard_, {});
    heard.found = found_;
    if (paused_until_ > now)
      heard.pause = std::chrono::duration_cast<std::chrono::microseconds>(paused_until_ - now);
    return heard;
  }

  void leave(const std::string& engine) {
    engines_.erase(engine);
    if (leader_ == engine) leads_until_ = Moment::min();
  }

  const std::string& leader() const { return leader_; }

private:
  struct Engine {
    double share = 0;
    double wanted = 0;
    Moment until{};
  };

  void note(const ledger::RateUse& use, bool led, Moment now) {
    if (led) found_ = use.found;
    auto answers = use.answers;
    if (use.found.reduction != found_.reduction) answers.late += std::exchange(answers.throttled, 0);
    unheard_.passed += answers.passed;
    unheard_.throttled += answers.throttled;
    unheard_.late += answers.late;
    unheard_.held_back |= answers.held_back;
    if (use.pause.count() > 0) paused_until_ = std::max(paused_until_, now + use.pause);
  }

  /// What is wanted, or the same for all; what nobody wants is spread evenly.
  double fair(const std::string& engine, double rate) const {
    const auto whole =
        rate > 0 && found_.pace > 0 ? std::min(rate, found_.pace) : std::max(rate, found_.pace);
    auto left = 1.0;
    auto others = static_cast<double>(engines_.size());
    if (whole <= 0) return 1 / others;
    std::vector<std::pair<double, std::string>> wanted;
    for (const auto& [name, each] : engines_)
      wanted.emplace_back(each.wanted, name);
    std::sort(wanted.begin(), wanted.end());
    double mine = 0;
    for (const auto& [what, name] : wanted) {
      const auto given = std::min(what / whole, left / others);
      if (name == engine) mine = given;
      left -= given;
      --others;
    }
    return mine + left / static_cast<double>(engines_.size());
  }

  double held_by_others(const std::string& engine) const {
    double held = 0;
    for (const auto& [name, each] : engines_)
      if (name != engine) held += each.share;
    return std::min(1.0, held);
  }

  std::map<std::string, Engine> engines_;
  std::string leader_;
  Moment leads_until_ = Moment::min();
  ledger::FoundRate found_;
  ledger::RateAnswers unheard_;
  Moment paused_until_{0};
};

} // namespace dialogferry::engine::simulated
