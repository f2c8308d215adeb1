#include <dialogferry/engine/later.hpp>
#include <dialogferry/engine/limit/rate_exchange.hpp>
#include <dialogferry/engine/log.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

RateExchange::RateExchange(caf::actor_config& config, RateExchangeSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

RateExchange::behavior_type RateExchange::make_behavior() {
  ask();
  return {
      [this](News) {
        if (missing_ > 0) return; // it is asked just now
        const auto next = asked_at_ + setup_.news_apart - setup_.clock();
        ask_after(std::chrono::ceil<std::chrono::milliseconds>(std::max(Moment{0}, next)));
      },
      [this](ExchangeNow due) {
        if (due.number == number_) ask();
      },
  };
}

void RateExchange::on_exit() {
  setup_.rates->leave();
  setup_.gates.clear();
}

void RateExchange::ask() {
  asked_at_ = setup_.clock();
  told_.clear();
  missing_ = setup_.gates.size();
  for (const auto& [api, gate] : setup_.gates)
    request(gate, caf::infinite, TellUse{this})
        .then([this, api = api](UseTold& told) { heard_from(api, std::move(told)); },
              [](caf::error&) {}); // the gate has ended, and the engine is about to
}

void RateExchange::heard_from(std::string api, UseTold told) {
  told_.insert_or_assign(std::move(api), std::move(told));
  if (--missing_ == 0) exchange();
}

void RateExchange::exchange() {
  std::vector<ledger::RateUse> uses;
  for (const auto& [api, told] : told_)
    uses.push_back(told.use);
  const auto heard = setup_.rates->exchange(uses);
  note(heard);
  if (!heard) return ask_after(setup_.apart_while_away);
  for (const auto& share : *heard)
    anon_send(setup_.gates.at(share.api), HearShare{share, told_.at(share.api).told});
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(setup_.clock() - asked_at_);
  ask_after(std::max(std::chrono::milliseconds{0}, setup_.apart - spent));
}

/// Once each time it goes and comes.
void RateExchange::note(const Result<std::vector<ledger::RateShare>>& heard) {
  if (std::exchange(is_away_, !heard) == !heard) return;
  if (heard) return log_info("shares rates with the other engines again", nullptr, [](LogLine&) {});
  log_warning("cannot share rates with the other engines; where there is one it goes on with a hundredth",
              nullptr,
              [&](LogLine& line) { line.field("why", heard.error().member + " " + heard.error().message); });
}

void RateExchange::ask_after(std::chrono::milliseconds span) {
  send_later(*this, span, ExchangeNow{++number_});
}

rate_exchange_actor spawn_rate_exchange(caf::actor_system& system, RateExchangeSetup setup) {
  return system.spawn<RateExchange, caf::detached>(std::move(setup));
}

} // namespace dialogferry::engine
