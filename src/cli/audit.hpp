#pragma once

#include <dialogferry/model/outcome.hpp>
#include <dialogferry/model/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::cli {

/// What the simulator finds when it compares what it served with what it was given, a row.
struct AuditRow {
  std::string id;
  std::uint64_t expected = 0; ///< dialogs there must be
  std::uint64_t excluded = 0; ///< records that must not become one
  std::uint64_t failed = 0;   ///< records that must end as exceptions
  std::uint64_t present = 0;
  std::uint64_t missing = 0;
  std::uint64_t doubled = 0;
  std::uint64_t stale = 0;
  std::uint64_t wrong = 0;
  std::uint64_t leftover = 0;        ///< dialogs of forms that were imported anew under another id
  std::vector<std::string> examples; ///< of what is not right

  std::uint64_t records() const { return expected + excluded + failed; }
};

/// What the ledger says of the same row.
struct LedgerRow {
  std::string id;
  Counts counts;
  std::uint64_t exceptions = 0; ///< that need somebody
  std::string standing = {};    ///< what the page says of it
};

/// Reads the answer of `GET /_sim/audit`.
Result<std::vector<AuditRow>> read_audit(const std::string& json);

/// How the ledger's counts of a row relate to the records at the source.
enum class Counting : std::uint8_t {
  exact,    ///< each record once
  at_least, ///< records that changed meanwhile are counted there as well, though the source counts them
            ///< elsewhere
  changes,  ///< changes are counted, not records
};

/// What is not right, a sentence each; empty where both sides agree and nothing is missing, doubled, stale or
/// wrong.
std::vector<std::string> faults(const AuditRow& audit, const LedgerRow& ledger,
                                Counting counting = Counting::exact);

/// Both sides in words: every number says what it counts.
std::string audit_text(const AuditRow& audit, const LedgerRow& ledger, Counting counting = Counting::exact);

/// Both sides and the verdict as JSON.
std::string audit_json(const AuditRow& audit, const LedgerRow& ledger, Counting counting = Counting::exact);

} // namespace dialogferry::cli
