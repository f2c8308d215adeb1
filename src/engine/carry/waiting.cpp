#include <dialogferry/engine/carry/waiting.hpp>

#include <algorithm>
#include <array>
#include <sstream>

namespace dialogferry::engine {

namespace {

constexpr std::array<std::string_view, 5> names = {"import", "receipts", "absence", "late", "readable"};
constexpr std::int64_t an_hour = 3600 * Instant::per_second;
constexpr std::uint32_t most_doublings = 12;

} // namespace

Instant due_of(const SecondLook& look, std::uint32_t looks, Instant now) {
  if (look.why != SecondLook::Why::import) return look.due;
  const auto first = std::max<std::int64_t>(0, look.due.ticks - now.ticks);
  const auto longer = first << std::min(looks, most_doublings);
  return {now.ticks + std::min(longer, std::max(first, an_hour))};
}

ledger::WakeUp wake_up_of(std::string row, std::string stage, const Waiting& waiting, Instant due) {
  ledger::WakeUp wake_up;
  wake_up.row = std::move(row);
  wake_up.stage = std::move(stage);
  wake_up.key.append(names[static_cast<std::size_t>(waiting.why)]).append("/").append(waiting.record_id);
  wake_up.due = due;
  wake_up.payload = std::to_string(waiting.looks);
  if (const auto& shard = waiting.shard)
    wake_up.payload +=
        ' ' + to_string(shard->day) + ' ' + shard->organisation + ' ' + std::to_string(shard->part);
  if (const auto& read = waiting.read)
    wake_up.payload +=
        " read " + std::to_string(read->last_changed.ticks) + ' ' + std::to_string(read->events);
  return wake_up;
}

std::optional<Waiting> waiting_of(const ledger::WakeUp& wake_up) {
  const auto slash = wake_up.key.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto name = std::find(names.begin(), names.end(), wake_up.key.substr(0, slash));
  if (name == names.end()) return std::nullopt;
  Waiting waiting;
  waiting.why = static_cast<SecondLook::Why>(name - names.begin());
  waiting.record_id = wake_up.key.substr(slash + 1);
  std::istringstream payload(wake_up.payload);
  if (!(payload >> waiting.looks)) return std::nullopt;
  std::string day;
  ShardKey shard{wake_up.row, wake_up.stage, {}, {}, 0};
  if (!(payload >> day)) return waiting;
  if (day == "read") {
    Waiting::Read read;
    if (!(payload >> read.last_changed.ticks >> read.events)) return std::nullopt;
    waiting.read = read;
    return waiting;
  }
  const auto on = parse_day(day);
  if (!on || !(payload >> shard.organisation >> shard.part)) return std::nullopt;
  shard.day = *on;
  waiting.shard = std::move(shard);
  return waiting;
}

} // namespace dialogferry::engine
