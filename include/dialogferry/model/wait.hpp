#pragma once

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry {

/// Why something waits that is nobody's failure here, or that somebody wants to wait. A code, so that each
/// reader is told in their own language (observed.md OR-9).
enum class WaitCode : std::uint8_t {
  asked,       ///< the API asked to be left alone (Retry-After)
  down,        ///< the API does not answer
  behind,      ///< the API answers, but what stands behind it is down (observed.md OD-2)
  deferred,    ///< the API could not take some records at their moment
  stream,      ///< live: what has changed cannot be read
  day,         ///< history: the next day is not over (observed.md OR-1); for no API
  by_operator, ///< an operator has paused it: the row, or the API it needs
};

/// `asked`, `down`, `behind`, `deferred`, `stream`, `day`, `operator`
std::string_view name_of(WaitCode code);

/// What is waited for, and until when.
struct Wait {
  WaitCode code = WaitCode::down;
  std::string api;                   ///< for whom: a name of api_names, `engine` or `ledger`; empty: nobody
  std::optional<Instant> until;      ///< when it is tried again; nothing where that is not known
  std::uint64_t records = 0;         ///< behind, deferred: so many wait
  bool whole = true;                 ///< nothing goes on meanwhile; false: the rest does
  std::string who = {};              ///< by_operator: who has paused it; empty: the configuration says so
  std::optional<Instant> since = {}; ///< by_operator: when

  bool operator==(const Wait&) const = default;
};

/// The one that holds up more: a whole one, then the one that ends last. Either may be nothing.
std::optional<Wait> worse(const std::optional<Wait>& a, const std::optional<Wait>& b);

} // namespace dialogferry
