#pragma once

#include "causes.hpp"
#include "strings.hpp"

#include <dialogferry/status/render.hpp>
#include <dialogferry/status/status.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry::status {

/// What all forms of the page say in the same words. Sentences come without a full stop.

// -- all rows ------------------------------------------------------------------------

/// One sentence on how it all goes.
std::string headline(const StatusModel& model, const Locale& locale);

/// The state that colours the headline: the worst of the rows that are on; off where none is.
RowState overall(const StatusModel& model);

/// One sentence on live sync, and whether the footnote on forms that are not completed belongs to it.
struct LiveSentence {
  std::string text;
  bool claims = false;
};
LiveSentence live_sentence(const StatusModel& model, const Locale& locale);

/// The live rows whose changes do not all show up, and why: `A3 Correspondence: on hold: …`.
std::vector<std::pair<const RowStatus*, std::string>> live_troubles(const StatusModel& model,
                                                                    const Locale& locale);

/// A figure that a visitor looks for first, with its name.
struct Figure {
  std::string name, value;
};
/// When all history is done, what is missing, what is tried again by itself, what was compared.
std::vector<Figure> first_figures(const StatusModel& model, const Locale& locale);

/// Sums over all history rows that are on.
DayNumbers all_days(const StatusModel& model);

// -- one row -------------------------------------------------------------------------

/// `✔`, `⚠`, `‖`, `–`
std::string_view symbol(RowState state);
/// That of its state; a row of which nothing can be said yet has none that speaks of success.
RowState mark_of(const RowStatus& row);

std::string state_text(const RowStatus& row, const Locale& locale);

/// What keeps it from going on: by an operator, or for whom it waits; empty where nothing does.
std::string hold_text(const RowStatus& row, Instant as_of, const Locale& locale);

/// What comes next of a history: `Older days follow, newest first. Expected done …`; empty for live ones.
std::string outlook(const RowStatus& row, Instant as_of, const Locale& locale);

/// `D1, D2 and 3 records`: what is not within what it is migrated back to; empty where all is.
std::string exception_text(const RowStatus& row, const Locale& locale);

/// What is said of one row in numbers, for every form of the page.
std::vector<Figure> row_figures(const RowStatus& row, const StatusModel& model, const Locale& locale);

/// Whom a row speaks of; empty where that is everybody (observed.md OR-4).
std::string organisations_text(const RowStatus& row, const Locale& locale);

/// When a source is done: a range, `Estimating`, `Done`, or a dash.
std::string eta_text(const RowStatus& row, Instant as_of, const Locale& locale);
/// A range: of the clock within today, of days beyond.
std::string eta_text(const Eta& eta, Instant as_of, const Locale& locale);

// -- causes --------------------------------------------------------------------------

/// What happened, with how many records where the reason counts them.
std::string reason_words(const Reason& reason, const Locale& locale);

/// A code as people may look it up; one that has words of its own comes as these, and `is_code` is false.
struct CodeText {
  std::string text;
  bool is_code = true;
};
CodeText code_words(std::string_view code, const Locale& locale);

// -- engines, where there are several ---------------------------------------------------

std::vector<std::string> engine_headers(const Locale& locale);
/// What it is called, where it runs, since when, how fast, what it carries, whether it is at work or why not.
std::vector<std::string> engine_cells(const ledger::EngineEntry& engine, const StatusModel& model,
                                      const Locale& locale);

// -- goals and changes -----------------------------------------------------------------

std::string goal_text(const GoalStatus& goal, const Locale& locale);
/// `120 of 300 days (40%)`; empty where no day counts.
std::string goal_progress(const GoalStatus& goal, const Locale& locale);
/// The goal's name; in English where the language has none.
const std::string& goal_name(const GoalConfig& goal, const Locale& locale);

/// A line of the changelog, without its time.
std::string log_text(const LogLine& line, const StatusModel& model, const Locale& locale);

/// A note's text in the language, in another one where it has none.
std::string note_text(const ledger::Note& note, const Locale& locale);

// -- small things ------------------------------------------------------------------------

/// Days in a list of at most `limit`, and how many more there are.
std::string day_list(const std::vector<Day>& days, const Locale& locale, std::size_t limit = 12);

/// `1 day`, `12 days`; `1 record`, `1,234 records`
std::string days_text(std::uint64_t count, const Locale& locale);
std::string records_text(std::uint64_t count, const Locale& locale);
/// `2 days and 3 records`; empty where both are none.
std::string days_and_records(std::uint64_t days, std::uint64_t records, const Locale& locale);

std::string_view outcome_text(Outcome outcome, const Locale& locale);
/// `Created 1,234, Updated 12`: those that are not none.
std::string outcomes_text(const Counts& counts, const Locale& locale);

} // namespace dialogferry::status
