#pragma once

#include <dialogferry/ledger/verification.hpp>
#include <dialogferry/mapping/wording.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/problem.hpp>
#include <dialogferry/model/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Comparing source and target for somebody who waits for it: `dialogferry verify`.
namespace dialogferry::engine::verify {

/// What is to be compared.
struct VerifyTask {
  std::string row;
  Day from; ///< the oldest, inclusive
  Day to;   ///< the newest, inclusive
  bool repair = false;
  std::optional<std::uint64_t> sample = {}; ///< where dialogs are looked up one by one, so many of a day
  mapping::Wording wording = {};            ///< the texts of dialogs
};

/// One day that was compared.
struct ComparedDay {
  ledger::Verification verification;
  std::vector<std::string> not_searched = {}; ///< organisations whose dialogs were looked up one by one
  std::optional<Problem> problem = {};        ///< why it could not be compared to its end
};

/// Compares the days, newest first, and calls `each` for every one, until it returns false. The results go
/// into the ledger, which an engine may be working on meanwhile; a repair at the same time is safe as long as
/// only one of the two carries the row. Fails where nothing can be compared: a row without days, a ledger
/// that cannot be used, service owners that nobody knows.
Result<void> verify(const Config& config, const VerifyTask& task,
                    const std::function<bool(const ComparedDay&)>& each);

} // namespace dialogferry::engine::verify
