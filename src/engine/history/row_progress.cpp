#include <dialogferry/engine/history/row_progress.hpp>
#include <dialogferry/model/watermark.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

std::uint32_t not_negative(std::int64_t count) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, count));
}

std::optional<std::chrono::milliseconds> lag_of(const LiveProbe& probe, Instant now) {
  const auto waiting = probe.oldest_waiting.load();
  const auto since = waiting != 0 ? waiting : probe.polled.load();
  if (since == 0) return std::nullopt;
  return std::chrono::milliseconds(std::max<std::int64_t>(0, (now.ticks - since) / Instant::per_millisecond));
}

void add_days(RowProgress& shown, const ledger::Plan& plan, const std::vector<ledger::DayTally>& days) {
  std::vector<DayMark> marks;
  marks.reserve(days.size());
  for (const auto& day : days) {
    if (day.day < plan.from || day.day > plan.cutover) continue;
    marks.push_back({day.day, day.state});
    if (day.state == DayState::complete) ++shown.days_complete;
    if (day.state == DayState::parked) ++shown.days_parked;
  }
  shown.migrated_back_to = watermark(plan.from, plan.cutover, marks).migrated_back_to;
}

} // namespace

RowProgress history_progress(const ledger::Plan& plan, const RowProbe& probe,
                             const ledger::Snapshot* snapshot) {
  RowProgress shown;
  shown.id = plan.row;
  shown.stage = plan.stage;
  shown.shards = probe.shards;
  shown.in_flight = not_negative(probe.in_flight);
  shown.days_planned = not_negative(plan.cutover.number - plan.from.number + 1);
  if (snapshot == nullptr) return shown;
  for (const auto& stage : snapshot->stages) {
    if (stage.row != plan.row || stage.stage != plan.stage) continue;
    shown.counts += stage.counts;
    if (&stage == ledger::last_stage(*snapshot, plan.row))
      shown.counts = ledger::counts_of(*snapshot, plan.row);
    add_days(shown, plan, stage.days);
  }
  shown.exceptions = unresolved_exceptions(*snapshot, plan.row);
  shown.wait = ledger::wait_of_held(*snapshot, plan.row, probe.held >= most_held);
  return shown;
}

RowProgress live_progress(const std::string& row, const LiveProbe& probe, Instant now,
                          const ledger::Snapshot* snapshot) {
  RowProgress shown;
  shown.id = row;
  shown.history = false;
  shown.in_flight = not_negative(probe.in_flight);
  shown.live_lag = lag_of(probe, now);
  if (probe.polling_fails)
    shown.wait = Wait{WaitCode::stream,
                      row.find("correspondence") == std::string::npos ? "storage" : "a2_archive",
                      {},
                      0,
                      false};
  if (snapshot == nullptr) return shown;
  for (const auto& stage : snapshot->stages)
    if (stage.row == row) shown.counts += stage.counts;
  shown.exceptions = unresolved_exceptions(*snapshot, row);
  if (!shown.wait) shown.wait = ledger::wait_of_held(*snapshot, row, probe.held >= most_held);
  return shown;
}

} // namespace dialogferry::engine
