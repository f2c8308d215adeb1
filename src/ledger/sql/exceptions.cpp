#include "sql_ledger.hpp"

#include <algorithm>

namespace dialogferry::ledger {

std::string_view name_of(ExceptionState state) {
  switch (state) {
  case ExceptionState::open: return "open";
  case ExceptionState::retrying: return "retrying";
  case ExceptionState::resolved: return "resolved";
  case ExceptionState::dismissed: return "dismissed";
  }
  return "open";
}

} // namespace dialogferry::ledger

namespace dialogferry::ledger::sql {

namespace {

const std::string from_exception =
    "SELECT exception.id, row, stage.stage, day, organisation, part, record_id, last_changed, member, "
    "message, hint, "
    "http_status, attempts, first_at, last_at, state, closed_reason, closed_by, body_excerpt FROM exception "
    "JOIN stage ON stage.id = exception.stage ";

/// A row of `from_exception`.
Exception exception_of(const Query& row) {
  Exception exception;
  exception.id = row.integer(0);
  exception.row = row.string(1);
  exception.stage = row.string(2);
  exception.day = row.day(3);
  exception.organisation = row.string(4);
  exception.part = static_cast<std::uint32_t>(row.integer(5));
  exception.record_id = row.string(6);
  exception.last_changed = row.instant(7);
  exception.problem = {row.string(8), row.string(9), row.string(10)};
  exception.http_status = static_cast<int>(row.integer(11));
  exception.attempts = static_cast<std::uint32_t>(row.integer(12));
  exception.first_at = row.instant(13);
  exception.last_at = row.instant(14);
  exception.state = static_cast<ExceptionState>(row.integer(15));
  exception.closed_reason = row.string(16);
  exception.closed_by = row.string(17);
  exception.body_excerpt = row.string(18);
  return exception;
}

/// The condition on the state, in numbers; those marked for another attempt have an index of their own.
std::string state_condition(const std::vector<ExceptionState>& states) {
  if (states.empty()) return {};
  if (states == std::vector{ExceptionState::retrying}) return "AND state = 1 ";
  std::string numbers;
  for (const auto state : states)
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(static_cast<int>(state));
  return "AND state IN (" + numbers + ") ";
}

Problem unknown(ExceptionId id) {
  return {"exception " + std::to_string(id), "is not in the ledger",
          "list them with: dialogferry exceptions list"};
}

constexpr int open = static_cast<int>(ExceptionState::open);
constexpr int retrying = static_cast<int>(ExceptionState::retrying);
constexpr int resolved = static_cast<int>(ExceptionState::resolved);
constexpr int dismissed = static_cast<int>(ExceptionState::dismissed);

} // namespace

// -- kept by the engine ---------------------------------------------------------------

void SqlLedger::keep_failure(std::int64_t stage, const Failure& failure, const ShardKey* shard, Instant now) {
  const Day day = shard != nullptr ? shard->day : day_of(failure.last_changed);
  const auto& organisation =
      shard != nullptr && failure.organisation.empty() ? shard->organisation : failure.organisation;
  db_->change(
      "INSERT INTO exception (stage, day, organisation, part, record_id, last_changed, member, message, "
      "hint, http_status, attempts, first_at, last_at, state, body_excerpt) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stage, record_id) "
      "DO UPDATE SET day = excluded.day, organisation = excluded.organisation, part = excluded.part, "
      "last_changed = excluded.last_changed, member = excluded.member, message = excluded.message, "
      "hint = excluded.hint, http_status = excluded.http_status, "
      "attempts = exception.attempts + excluded.attempts, last_at = excluded.last_at, "
      "state = excluded.state, closed_reason = '', closed_by = '', body_excerpt = excluded.body_excerpt",
      stage, day, organisation, shard != nullptr ? shard->part : 0U, failure.record_id, failure.last_changed,
      failure.problem.member, failure.problem.message, failure.problem.hint, failure.http_status,
      failure.attempts, now, now, open, failure.body_excerpt);
}

void SqlLedger::resolve(const std::vector<ExceptionId>& ids, Instant now) {
  for (const auto id : ids)
    db_->change("UPDATE exception SET state = ?, last_at = ? WHERE id = ?", resolved, now, id);
}

bool SqlLedger::has_exception(std::int64_t stage, std::string_view record_id) {
  return db_
      ->value("SELECT 1 FROM exception WHERE stage = ? AND record_id = ? AND state <> ?", stage, record_id,
              resolved)
      .has_value();
}

bool SqlLedger::settle(std::int64_t stage, std::string_view record_id, Instant now) {
  return db_->change("UPDATE exception SET state = ?, last_at = ? WHERE stage = ? AND record_id = ? AND "
                     "state <> ?",
                     resolved, now, stage, record_id, resolved) > 0;
}

// -- looked at and decided by people ----------------------------------------------------

Result<std::vector<Exception>> SqlLedger::exceptions(const ExceptionFilter& filter) const {
  const auto sql =
      from_exception +
      "WHERE exception.id > ?1 AND (?2 IS NULL OR row = ?2) AND (?3 IS NULL OR stage.stage = ?3) "
      "AND (?4 IS NULL OR day = ?4) AND (?5 IS NULL OR member = ?5) AND (?7 IS NULL OR record_id = ?7) "
      "AND (?8 IS NULL OR ((?8 >> partition_of(record_id)) & 1) = 1) " +
      state_condition(filter.states) + "ORDER BY exception.id LIMIT ?6";
  return reading([&] {
    const auto limit = static_cast<std::int64_t>(std::clamp<std::size_t>(filter.limit, 1, 10'000));
    auto row = db_->query(sql, filter.after, filter.row, filter.stage, filter.day, filter.cause, limit,
                          filter.record_id, mask_of(filter.partitions));
    std::vector<Exception> found;
    while (row.step())
      found.push_back(exception_of(row));
    return found;
  });
}

Result<std::optional<Exception>> SqlLedger::exception(ExceptionId id) const {
  static const std::string sql = from_exception + "WHERE exception.id = ?";
  return reading([&]() -> std::optional<Exception> {
    auto row = db_->query(sql, id);
    if (!row.step()) return std::nullopt;
    return exception_of(row);
  });
}

Result<std::uint64_t> SqlLedger::retry(std::span<const ExceptionId> ids, Instant now) {
  return writing([&] {
    std::uint64_t marked = 0;
    for (const auto id : ids) {
      if (!db_->value("SELECT 1 FROM exception WHERE id = ?", id)) throw Refusal{unknown(id)};
      marked += db_->change("UPDATE exception SET state = ?, closed_reason = '', closed_by = '', last_at = ? "
                            "WHERE id = ? AND state IN (?, ?)",
                            retrying, now, id, open, dismissed);
    }
    return marked;
  });
}

Result<RetryMarks> SqlLedger::retry(std::string_view row, std::optional<Day> day, Instant now) {
  return writing([&] {
    RetryMarks marks;
    marks.exceptions = db_->change(
        "UPDATE exception SET state = ?1, last_at = ?2 WHERE stage IN (SELECT id FROM stage WHERE row = ?3) "
        "AND (?4 IS NULL OR day = ?4) AND state = ?5",
        retrying, now, row, day, open);
    marks.shards =
        db_->change("UPDATE shard SET retry_at = ?1 WHERE stage IN (SELECT id FROM stage WHERE row = ?2) "
                    "AND (?3 IS NULL OR day = ?3) AND state = 2",
                    now, row, day);
    return marks;
  });
}

Result<void> SqlLedger::dismiss(ExceptionId id, std::string_view reason, std::string_view who, Instant now) {
  return writing([&] {
    if (reason.empty()) throw Refusal{{"reason", "is missing", "say why it is left: --reason \"…\""}};
    if (!db_->value("SELECT 1 FROM exception WHERE id = ?", id)) throw Refusal{unknown(id)};
    const auto changed =
        db_->change("UPDATE exception SET state = ?, closed_reason = ?, closed_by = ?, last_at = ? "
                    "WHERE id = ? AND state <> ?",
                    dismissed, reason, who, now, id, resolved);
    if (changed == 0) throw Refusal{{"exception " + std::to_string(id), "is resolved already", ""}};
  });
}

} // namespace dialogferry::ledger::sql
