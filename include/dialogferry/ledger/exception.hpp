#pragma once

#include <dialogferry/ledger/partitions.hpp>
#include <dialogferry/model/problem.hpp>
#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::ledger {

/// Names one exception row; counts from 1 and is never used twice.
using ExceptionId = std::int64_t;

/// One record that could not be carried, as the engine reports it. Text and body are masked by the caller.
struct Failure {
  std::string record_id;      ///< as the source names it: `50001234/0dbc1da6-…`
  std::string organisation;   ///< service owner code; may stay empty in a shard's commit: the shard's own
  Instant last_changed;       ///< of the version that failed
  Problem problem;            ///< `member` is the rule, the record's member or the call it broke at
  int http_status = 0;        ///< the target's or source's answer; 0 where there was none
  std::uint32_t attempts = 1; ///< attempts since the last report; they add up
  std::string body_excerpt;   ///< start of the answer's body; may be empty
};

enum class ExceptionState : std::uint8_t {
  open,      ///< needs somebody
  retrying,  ///< marked for another attempt, which the engine has not made yet
  resolved,  ///< carried after all
  dismissed, ///< somebody decided to leave it, and said why
};

/// Whether the record is still not carried, and nobody has decided to leave it.
constexpr bool is_unresolved(ExceptionState state) {
  return state == ExceptionState::open || state == ExceptionState::retrying;
}

/// `open`, `retrying`, `resolved`, `dismissed`
std::string_view name_of(ExceptionState state);

/// One exception as the ledger keeps it: one for each (row, stage, record id).
struct Exception {
  ExceptionId id = 0;
  std::string row;
  std::string stage;
  Day day;
  std::string organisation;
  std::uint32_t part = 0; ///< of the shard that counts it as failed
  std::string record_id;
  Instant last_changed;
  Problem problem;
  int http_status = 0;
  std::uint32_t attempts = 0;
  Instant first_at;
  Instant last_at;
  ExceptionState state = ExceptionState::open;
  std::string closed_reason; ///< dismissed: why
  std::string closed_by;     ///< dismissed: who
  std::string body_excerpt;

  bool operator==(const Exception&) const = default;
};

/// What to list. Members left out do not narrow the list.
struct ExceptionFilter {
  std::optional<std::string> row;
  std::optional<std::string> stage;
  std::optional<Day> day;
  std::vector<ExceptionState> states; ///< any of these; empty = any
  std::optional<std::string> record_id;
  std::optional<std::string> cause;         ///< `problem.member`, exactly
  ExceptionId after = 0;                    ///< only greater ids: the last id of the page before
  std::size_t limit = 100;                  ///< 1 to 10 000
  Partitions partitions = all_partitions(); ///< of the record id
};

} // namespace dialogferry::ledger
