#pragma once

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::ledger {

/// What an operator has changed at run time; lies over the configuration until it is taken back.
struct Setting {
  std::string name;  ///< `rows.a2-correspondence-live.paused`, `apis.dialogporten.rate`
  std::string value; ///< as in a configuration; empty: taken back
  std::string who;   ///< for the changelog
  Instant at;

  bool operator==(const Setting&) const = default;
};

enum class JournalKind : std::uint8_t {
  paused,        ///< a row or an API, by an operator
  resumed,       ///< likewise
  setting,       ///< another value, by an operator
  goal_reached,  ///< `subject` is its name
  day_recovered, ///< a parked day is complete after all
  verified,      ///< a day was compared; `value` tells how many records differ
  note,          ///< whatever else people should know
  engine_ended,  ///< by another one; `subject` is its name, `value` why (EngineEntry::left_why)
};

/// `paused`, `resumed`, `setting`, `goal_reached`, `day_recovered`, `verified`, `note`,
/// `engine_ended`
std::string_view name_of(JournalKind kind);

/// What has happened besides the moves of a watermark (see Change), for the changelog. Codes and values: the
/// page words them.
struct JournalEntry {
  std::int64_t id = 0; ///< given by the ledger
  Instant at;
  JournalKind kind = JournalKind::note;
  std::string row = {};        ///< where it is one row's
  std::string stage = {};      ///< likewise
  std::optional<Day> day = {}; ///< where it is one day's
  std::string who = {};        ///< an operator, where one did it
  std::string subject = {};    ///< a setting's or a goal's name
  std::string value = {};      ///< a setting's new value; empty: taken back

  bool operator==(const JournalEntry&) const = default;
};

} // namespace dialogferry::ledger
