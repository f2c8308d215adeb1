#pragma once

#include "hidden_limit.hpp"
#include "rate_board.hpp"

#include <memory>

namespace dialogferry::engine::simulated {

/// Engines that keep one rate between them, over a board that each of them asks every now and then.
class SeveralEngines {
public:
  /// How far apart an engine's exchanges are, and how long one takes.
  static constexpr Moment apart = 100ms;
  static constexpr Moment news_apart = 20ms;

  SeveralEngines(std::size_t count, const RateOptions& options, Target target, unsigned seed,
                 std::vector<double> demands = {})
      : random_{seed}
      , simulation_{callers(count, options, seed, demands), std::move(target), seed} {
    for (std::size_t who = 0; who < count; ++who)
      exchange_at(who, from_seconds(uniform() * in_seconds(apart)));
  }

  Run run(Moment length, const std::function<void(Moment)>& each = {}) {
    return simulation_.run(length, [&](Moment now) {
      if (each) each(now);
      for (std::size_t who = 0; who < limiters_.size(); ++who)
        if (limiters_[who]->has_news() && now >= told_at_[who] + news_apart) exchange(who, now);
    });
  }

  Simulation& simulation() { return simulation_; }
  RateController& limiter(std::size_t who) { return *limiters_[who]; }
  const std::vector<Moment>& sends(std::size_t who) { return simulation_.caller(who).sends; }

  /// Ends without a word.
  void kill(std::size_t who) { simulation_.caller(who).is_dead = true; }
  /// Cannot reach the board until then.
  void cut_off(std::size_t who, Moment until) { cut_until_[who] = until; }
  /// Who leads as the board knows it.
  std::optional<std::size_t> leader() const {
    return board_.leader().empty() ? std::nullopt : std::optional<std::size_t>{std::stoul(board_.leader())};
  }

  /// How much later than it should an exchange may come.
  Moment most_late = 5ms;
  /// Now and then one is later than that by so much.
  Moment stall{0};

private:
  std::vector<Caller> callers(std::size_t count, const RateOptions& options, unsigned seed,
                              const std::vector<double>& demands) {
    told_at_.resize(count);
    cut_until_.resize(count);
    rounds_.resize(count);
    std::vector<Caller> callers;
    for (std::size_t who = 0; who < count; ++who) {
      limiters_.push_back(std::make_unique<RateController>(
          options, [engine = std::mt19937{seed + static_cast<unsigned>(who)}]() mutable {
            return static_cast<double>(engine()) / 4294967296.0;
          }));
      limiters_.back()->begin_sharing(0s);
      Caller caller{limiters_.back().get()};
      if (who < demands.size()) caller.demand = demands[who];
      callers.push_back(std::move(caller));
    }
    return callers;
  }

  void exchange_at(std::size_t who, Moment when) {
    const auto round = ++rounds_[who];
    simulation_.at(when, [this, who, round](Moment now) {
      if (round == rounds_[who]) exchange(who, now);
    });
  }

  /// Half a round trip, the board, half a round trip.
  void exchange(std::size_t who, Moment now) {
    auto& caller = simulation_.caller(who);
    if (caller.is_dead) return;
    told_at_[who] = now;
    const bool is_idle = caller.demand > 0 && caller.waiting == 0;
    const auto use = limiters_[who]->tell(is_idle, now);
    auto late = from_seconds(uniform() * in_seconds(most_late));
    if (uniform() < 0.02) late += stall;
    exchange_at(who, now + apart + late);
    if (now < cut_until_[who]) return;
    const auto way = from_seconds(0.0005 + 0.001 * uniform());
    simulation_.at(now + way, [this, who, use, told = now, way](Moment at_board) {
      const auto heard = board_.exchange(std::to_string(who), use, at_board);
      simulation_.at(at_board + way,
                     [this, who, heard, told](Moment then) { limiters_[who]->hear(heard, told, then); });
    });
  }

  double uniform() { return static_cast<double>(random_()) / 4294967296.0; }

  std::mt19937 random_;
  RateBoard board_;
  std::vector<std::unique_ptr<RateController>> limiters_;
  std::vector<Moment> told_at_;
  std::vector<Moment> cut_until_;
  std::vector<std::uint64_t> rounds_; ///< of exchanges: the one that is due
  Simulation simulation_;
};

} // namespace dialogferry::engine::simulated
