#include "keep.hpp"

#include <string>

namespace dialogferry::engine::verify {

namespace {

std::uint64_t left_of(const ledger::Verification& verification) {
  return verification.differences() - verification.repaired;
}

} // namespace

Result<void> keep(ledger::Ledger& ledger, const ledger::Verification& verification) {
  const auto before = ledger.verifications(verification.row, verification.day, verification.day);
  if (!before) return tl::unexpected(before.error());
  if (auto noted = ledger.note_verification(verification); !noted) return noted;
  const auto left = left_of(verification);
  if (left == 0 || (!before->empty() && left_of(before->front()) == left)) return {};
  ledger::JournalEntry entry;
  entry.at = verification.at;
  entry.kind = ledger::JournalKind::verified;
  entry.row = verification.row;
  entry.day = verification.day;
  entry.value = std::to_string(left);
  return ledger.note_in_journal(entry);
}

} // namespace dialogferry::engine::verify
