#pragma once

#include <dialogferry/codec/dialog_head.hpp>
#include <dialogferry/ledger/verification.hpp>

#include <optional>
#include <string>

namespace dialogferry::engine::verify {

/// What is known of one message once it was looked at: in the archive, in Correspondence, in Dialogporten.
struct MessageEvidence {
  std::string record_id;      ///< its number in Altinn 2
  bool is_available = false;  ///< Correspondence has it, and shows it
  bool knows_dialog = false;  ///< and names its dialog
  Uuid dialog;                ///< the one it names or must have; zero where nobody can know
  std::string correspondence; ///< its id in Altinn 3, as text; empty where unknown
  /// What its dialog must be; nothing where that cannot be told: `problem` says why.
  std::optional<codec::DialogHead> expected;
  std::string problem;
  std::optional<codec::DialogHead> stored; ///< what Dialogporten has
  bool may_be_later = false; ///< a live row carries what came after history, and may have moved its time
};

/// What the three do not agree on; nothing where they do. Of a wrong dialog the first member that differs is
/// told. A message that Correspondence keeps without its dialog is missing, a dialog whose message does not
/// know it wrong in `correspondence` (observed.md OC-1).
std::optional<ledger::Difference> judge(const MessageEvidence& evidence);

} // namespace dialogferry::engine::verify
