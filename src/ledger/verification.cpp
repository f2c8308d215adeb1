#include <dialogferry/ledger/journal.hpp>
#include <dialogferry/ledger/verification.hpp>

namespace dialogferry::ledger {

std::string_view name_of(JournalKind kind) {
  switch (kind) {
  case JournalKind::paused: return "paused";
  case JournalKind::resumed: return "resumed";
  case JournalKind::setting: return "setting";
  case JournalKind::goal_reached: return "goal_reached";
  case JournalKind::day_recovered: return "day_recovered";
  case JournalKind::verified: return "verified";
  case JournalKind::note: return "note";
  case JournalKind::engine_ended: return "engine_ended";
  }
  return "note";
}

std::string_view name_of(VerifyMethod method) {
  switch (method) {
  case VerifyMethod::search: return "search";
  case VerifyMethod::lookup: return "lookup";
  case VerifyMethod::sample: return "sample";
  }
  return "search";
}

std::string_view name_of(DifferenceKind kind) {
  switch (kind) {
  case DifferenceKind::missing: return "missing";
  case DifferenceKind::unexpected: return "unexpected";
  case DifferenceKind::stale: return "stale";
  case DifferenceKind::wrong: return "wrong";
  }
  return "missing";
}

std::string_view name_of(DayCheck check) {
  switch (check) {
  case DayCheck::none: return "none";
  case DayCheck::sampled: return "sampled";
  case DayCheck::clean: return "clean";
  case DayCheck::differs: return "differs";
  }
  return "none";
}

DayCheck check_of(const Verification& verification) {
  if (verification.differences() > verification.repaired) return DayCheck::differs;
  return verification.how == VerifyMethod::sample ? DayCheck::sampled : DayCheck::clean;
}

} // namespace dialogferry::ledger
