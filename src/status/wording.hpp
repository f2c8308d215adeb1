#pragma once

#include "strings.hpp"

#include <dialogferry/status/status.hpp>

#include <string>
#include <vector>

namespace dialogferry::status {

/// What all forms of the page say in the same words.

/// One sentence on how it all goes, without a full stop.
std::string headline(const StatusModel& model, const Locale& locale);

/// The state that colours the headline: the worst of the rows that are on; off where none is.
RowState overall(const StatusModel& model);

/// `✓`, `!`, `‖`, `–`
std::string_view symbol(RowState state);

std::string state_text(const RowStatus& row, const Locale& locale);

/// Where a source stands: `Migrated back to D with exception for D1, D2`, `Up to date within 3 s`.
std::string standing(const RowStatus& row, const Locale& locale);

/// The cause of an exception: codes of the transport in words, everything else as it is.
std::string cause_text(std::string_view cause, const Locale& locale);

/// Why a day is parked: our codes in words; the words of servers stay.
std::string reason_text(std::string_view reason, const Locale& locale);

/// Whom a row speaks of; empty where that is everybody (observed.md OR-4).
std::string organisations_text(const RowStatus& row, const Locale& locale);

/// Days in a list of at most `limit`, and how many more there are.
std::string day_list(const std::vector<Day>& days, const Locale& locale, std::size_t limit = 12);

/// `1 day`, `12 days`; `1 record`, `1,234 records`
std::string days_text(std::uint64_t count, const Locale& locale);
std::string records_text(std::uint64_t count, const Locale& locale);

/// When a source is done: a range, `Estimating`, `Done`, or a dash.
std::string eta_text(const RowStatus& row, Instant as_of, const Locale& locale);
/// A range: of the clock within today, of days beyond.
std::string eta_text(const Eta& eta, Instant as_of, const Locale& locale);

std::string_view goal_text(GoalState state, const Locale& locale);
/// The goal's name; in English where the language has none.
const std::string& goal_name(const GoalConfig& goal, const Locale& locale);

/// A line of the changelog, without its time.
std::string change_text(const ledger::Change& change, const Locale& locale);

/// A note's text in the language, in another one where it has none.
std::string note_text(const ledger::Note& note, const Locale& locale);

std::string_view outcome_text(Outcome outcome, const Locale& locale);

/// Sums over all history rows that are on.
DayNumbers all_days(const StatusModel& model);

} // namespace dialogferry::status
