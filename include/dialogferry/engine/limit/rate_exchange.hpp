#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/ledger/one_rate.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dialogferry::engine {

/// A gate has something that the other engines should not be kept waiting for: it is asked at once; from a
/// gate to the exchange.
struct News {};

/// Time for the next exchange; from the exchange to itself.
struct ExchangeNow {
  std::uint64_t number = 0; ///< other ones have been overtaken
};

/// Takes what the gates have to tell to the other engines and back, every now and then.
using rate_exchange_actor = actor_of<takes<News>, takes<ExchangeNow>>;

/// What has a gate to tell? From the exchange to a gate.
struct TellUse {
  rate_exchange_actor exchange; ///< to be told of news from now on
};

struct UseTold {
  ledger::RateUse use;
  Moment told{};
};

/// What a gate hears in answer to what it told.
struct HearShare {
  ledger::RateShare share;
  Moment told{};
};

/// A gate as the exchange sees it.
using sharing_gate_actor = gate_actor::extend<answers<TellUse, UseTold>, takes<HearShare>>;

/// What the exchange of one engine is made of.
struct RateExchangeSetup {
  std::shared_ptr<ledger::OneRate> rates;          ///< used by this actor alone
  std::map<std::string, sharing_gate_actor> gates; ///< by the name of their API
  std::function<Moment()> clock;
  std::chrono::milliseconds apart{100};
  std::chrono::milliseconds news_apart{20};
  std::chrono::milliseconds apart_while_away{500}; ///< the ledger cannot be reached
};

class RateExchange : public actor_base<rate_exchange_actor> {
public:
  RateExchange(caf::actor_config& config, RateExchangeSetup setup);
  const char* name() const override { return "rate exchange"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  void ask();
  void heard_from(std::string api, UseTold told);
  void exchange();
  void note(const Result<std::vector<ledger::RateShare>>& heard);
  void ask_after(std::chrono::milliseconds span);

  RateExchangeSetup setup_;
  std::map<std::string, UseTold> told_; ///< of those that were asked
  std::size_t missing_ = 0;             ///< that have not answered yet
  Moment asked_at_{};
  std::uint64_t number_ = 0; ///< of the exchange that is due
  bool is_away_ = false;
};

/// Spawns it on a thread of its own: PostgreSQL blocks.
rate_exchange_actor spawn_rate_exchange(caf::actor_system& system, RateExchangeSetup setup);

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::News)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::ExchangeNow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::TellUse)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::UseTold)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::HearShare)
