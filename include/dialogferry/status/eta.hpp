#pragma once

#include <dialogferry/ledger/snapshot.hpp>
#include <dialogferry/model/time.hpp>

#include <optional>
#include <span>

namespace dialogferry::status {

/// When something will probably be done.
struct Eta {
  Instant from;
  Instant to;

  bool operator==(const Eta&) const = default;
};

/// Records per second over the last minute, 0 where nothing came in it. `samples` are in time order.
double current_rate(std::span<const ledger::RateSample> samples, Instant now);

/// When `remaining` records will be done at the speeds seen lately: between the faster and the slower of the
/// last 15 minutes and the last day, and at least a tenth of the time apart. Nothing, which reads as
/// "estimating", before five minutes of rate, and where nothing has come for five minutes.
std::optional<Eta> estimate(double remaining, std::span<const ledger::RateSample> samples, Instant now);

} // namespace dialogferry::status
