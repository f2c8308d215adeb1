#pragma once

#include "open.hpp"

#include <dialogferry/ledger/one_rate.hpp>

namespace dialogferry::ledger::postgres {

/// One function of the database, over a connection of its own, which is made when it is needed and again
/// after it was lost. It is not waited for long: an exchange that comes late is worth nothing.
class OneRate final : public ledger::OneRate {
public:
  explicit OneRate(Place place);

  Result<std::vector<RateShare>> exchange(std::span<const RateUse> uses) override;
  void leave() override;

private:
  Connection& connection();

  Place place_;
  Setup setup_;
  std::string engine_; ///< a name that no other has, also none that was there before
  std::unique_ptr<Connection> connection_;
};

} // namespace dialogferry::ledger::postgres
