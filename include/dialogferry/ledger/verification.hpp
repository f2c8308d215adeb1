#pragma once

#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger {

/// How the target was asked what it has.
enum class VerifyMethod : std::uint8_t {
  search, ///< all that it has of the day
  lookup, ///< each dialog that should be there, by its id
  sample, ///< some of these
};

/// `search`, `lookup`, `sample`
std::string_view name_of(VerifyMethod method);

enum class DifferenceKind : std::uint8_t {
  missing,    ///< not at the target
  unexpected, ///< there, and should not be
  stale,      ///< there as it was in an earlier version
  wrong,      ///< a member differs
};

/// `missing`, `unexpected`, `stale`, `wrong`
std::string_view name_of(DifferenceKind kind);

/// One record that source and target do not agree on.
struct Difference {
  DifferenceKind kind = DifferenceKind::missing;
  std::string record_id; ///< as the source names it; empty where it knows none
  Uuid dialog;
  std::string member; ///< wrong: which one
  std::string source; ///< wrong, stale: what the source has, masked
  std::string target; ///< likewise, what the target has
  bool repaired = false;

  bool operator==(const Difference&) const = default;
};

/// What comparing one day has shown.
struct Verification {
  /// So many differences are kept; the numbers count all.
  static constexpr std::size_t differences_limit = 100;

  std::string row;
  Day day;
  Instant at;
  VerifyMethod how = VerifyMethod::search;
  std::uint64_t source = 0;   ///< records that the source has
  std::uint64_t target = 0;   ///< dialogs seen at the target
  std::uint64_t compared = 0; ///< found on both sides
  std::uint64_t missing = 0;
  std::uint64_t unexpected = 0;
  std::uint64_t stale = 0;
  std::uint64_t wrong = 0;
  std::uint64_t repaired = 0; ///< of these
  std::vector<Difference> first = {};

  std::uint64_t differences() const { return missing + unexpected + stale + wrong; }

  bool operator==(const Verification&) const = default;
};

/// What is known of a day since its records were last carried.
enum class DayCheck : std::uint8_t {
  none,    ///< not compared
  sampled, ///< a sample of it agrees
  clean,   ///< both sides agree, or were made to
  differs,
};

/// `none`, `sampled`, `clean`, `differs`
std::string_view name_of(DayCheck check);

/// What a verification says of its day.
DayCheck check_of(const Verification& verification);

} // namespace dialogferry::ledger
