#include "changelog.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace dialogferry::status {

namespace {

using Kind = LogLine::Kind;

/// Months since year 0.
int month_number(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day.number}}};
  return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month()));
}

/// The first month of which every day is at or after `mark`.
int whole_from(Day mark) {
  return month_number(mark.previous()) + 1;
}

bool passes_month(Day before, Day after) {
  return whole_from(after) < whole_from(before);
}

std::optional<Kind> kind_of(const ledger::Change& change, std::optional<Day> end) {
  const auto& after = change.migrated_back_to;
  if (!after || (change.before && *after > *change.before)) return Kind::undone;
  if (end && *after <= *end) return Kind::finished;
  if (!change.before) return Kind::begun;
  return passes_month(*change.before, *after) ? std::optional(Kind::month) : std::nullopt;
}

std::optional<Day> end_of(const std::vector<RowStatus>& rows, std::string_view id) {
  for (const auto& row : rows)
    if (row.id == id) return row.from;
  return std::nullopt;
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<Kind> kind_of(const ledger::JournalEntry& entry) {
  switch (entry.kind) {
  case ledger::JournalKind::paused: return Kind::paused;
  case ledger::JournalKind::resumed: return Kind::resumed;
  case ledger::JournalKind::setting: return Kind::setting;
  case ledger::JournalKind::goal_reached: return Kind::goal_reached;
  case ledger::JournalKind::day_recovered: return Kind::recovered;
  case ledger::JournalKind::verified: return number_in(entry.value) == 0 ? Kind::verified : Kind::differs;
  case ledger::JournalKind::engine_ended: return Kind::engine_ended;
  case ledger::JournalKind::note: break;
  }
  return std::nullopt;
}

bool is_of_days(Kind kind) {
  return kind == Kind::recovered || kind == Kind::verified || kind == Kind::differs;
}

bool belong_together(const LogLine& a, const LogLine& b) {
  return a.kind == b.kind && is_of_days(a.kind) && a.row == b.row && a.stage == b.stage &&
         day_of(a.at) == day_of(b.at);
}

void add(std::vector<LogLine>& lines, LogLine line) {
  const auto same = std::find_if(lines.begin(), lines.end(),
                                 [&](const LogLine& other) { return belong_together(other, line); });
  if (same == lines.end()) return lines.push_back(std::move(line));
  same->exceptions += line.exceptions;
  same->days.insert(same->days.end(), line.days.begin(), line.days.end());
}

void tidy(LogLine& line) {
  std::sort(line.days.rbegin(), line.days.rend());
  line.days.erase(std::unique(line.days.begin(), line.days.end()), line.days.end());
}

} // namespace

std::vector<LogLine> changelog(const ledger::Snapshot& snapshot, const std::vector<RowStatus>& rows) {
  std::vector<LogLine> lines;
  for (const auto& change : snapshot.changelog) {
    const auto kind = kind_of(change, end_of(rows, change.row));
    if (!kind) continue;
    LogLine line{change.at, *kind, change.row, change.stage, change.migrated_back_to, change.before};
    line.exceptions = change.exceptions;
    lines.push_back(std::move(line));
  }
  for (const auto& entry : snapshot.journal) {
    const auto kind = kind_of(entry);
    if (!kind) continue;
    LogLine line{entry.at, *kind, entry.row, entry.stage};
    if (entry.day) line.days.push_back(*entry.day);
    if (*kind == Kind::differs) line.exceptions = number_in(entry.value);
    line.who = entry.who;
    line.subject = entry.subject;
    if (*kind == Kind::setting || *kind == Kind::engine_ended) line.value = entry.value;
    add(lines, std::move(line));
  }
  std::for_each(lines.begin(), lines.end(), tidy);
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
  return lines;
}

} // namespace dialogferry::status
