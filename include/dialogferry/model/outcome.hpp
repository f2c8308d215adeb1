#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dialogferry {

/// What became of one record (architecture.md, Ledger). Every record read ends in exactly one of these.
enum class Outcome : std::uint8_t {
  created,   ///< a dialog that was not there
  updated,   ///< a dialog that was there and differed
  unchanged, ///< a dialog that was there and is equal: nothing sent
  restored,  ///< a deleted dialog, brought back
  deleted,   ///< the dialog ends soft-deleted
  purged,    ///< the dialog is gone for good
  excluded,  ///< must never be carried: opted out, not completed, hard-deleted before it was seen
  deferred,  ///< not complete at the source yet; its day stays open
  failed,    ///< an exception is kept
};

inline constexpr std::size_t outcome_count = 9;

/// The name used in the ledger, in JSON and in metrics.
std::string_view name_of(Outcome outcome);

/// How many records ended how.
struct Counts {
  std::array<std::uint64_t, outcome_count> of{};

  std::uint64_t& operator[](Outcome outcome) { return of[static_cast<std::size_t>(outcome)]; }
  std::uint64_t operator[](Outcome outcome) const { return of[static_cast<std::size_t>(outcome)]; }
  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;

  /// read = the sum of all outcomes.
  std::uint64_t read() const;
};

} // namespace dialogferry
