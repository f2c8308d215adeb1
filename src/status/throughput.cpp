#include "throughput.hpp"

#include "row_status.hpp"

namespace dialogferry::status {

namespace {

constexpr std::size_t spans = 72;
constexpr std::int64_t step_ticks = Throughput::step * Instant::per_second;

} // namespace

Throughput throughput_of(const ledger::Snapshot& snapshot, const std::vector<RowStatus>& rows, Instant now) {
  Throughput throughput;
  const auto last = now.ticks / step_ticks;
  throughput.from = {(last - static_cast<std::int64_t>(spans) + 1) * step_ticks};
  throughput.records.assign(spans, 0);
  for (const auto& row : rows) {
    const auto* stage = stages_of(snapshot, row.id).last;
    if (stage == nullptr || row.state == RowState::off) continue;
    for (const auto& sample : stage->rates) {
      if (sample.at < throughput.from || sample.at > now) continue;
      throughput.records.at(
          static_cast<std::size_t>((sample.at.ticks - throughput.from.ticks) / step_ticks)) += sample.read;
    }
  }
  return throughput;
}

} // namespace dialogferry::status
