#pragma once

#include <dialogferry/codec/dialog_head.hpp>
#include <dialogferry/ledger/verification.hpp>
#include <dialogferry/mapping/expected.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <optional>
#include <string>

namespace dialogferry::engine::verify {

/// What is known of one record once it was looked at by itself: the record and its dialog, read just now.
struct Evidence {
  std::string record_id;
  /// What the source says must be there; nothing: the source has the record no more.
  std::optional<mapping::Expected> expected;
  std::string party;    ///< the owner's URN; empty where Register does not know them
  std::string resource; ///< of its application
  /// What the target has under the record's id.
  std::optional<codec::DialogHead> stored;
  /// What carrying the record now would do; null where it cannot be mapped.
  const mapping::Decision* decision = nullptr;
  std::string problem;      ///< without a decision: why
  bool is_absent = false;   ///< the source seems not to know it, nor its list
  bool is_migration = true; ///< its dialog keeps the record's times; that of a live one may be later
};

/// What source and target do not agree on; nothing where they do. A dialog older than its record is stale,
/// whatever else differs; of a wrong one the first member that differs is told. Content counts as a member.
std::optional<ledger::Difference> judge(const Evidence& evidence);

/// Whether no update can put the dialog right: its ids, owner and times are given once, with the create
/// (dialogporten.md 3.3). Such a dialog is purged and made anew.
bool must_be_made_anew(const ledger::Difference& difference);

} // namespace dialogferry::engine::verify
