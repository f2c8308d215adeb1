#include <dialogferry/engine/carry/waiting.hpp>

#include <algorithm>
#include <array>
#include <sstream>

namespace dialogferry::engine {

namespace {

constexpr std::array<std::string_view, 8> names = {"import",   "receipts", "absence", "late",
                                                   "readable", "moment",   "early",   "revived"};
constexpr std::int64_t an_hour = 3600 * Instant::per_second;
constexpr std::uint32_t most_doublings = 12;

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Behind the first line of a payload; api, code and time have columns of their own.
std::string lines_of(const Held& held) {
  return '\n' + std::to_string(held.attempts) + ' ' + std::to_string(held.http_status) + '\n' +
         one_line(held.problem.member) + '\n' + one_line(held.problem.message) + '\n' +
         one_line(held.problem.hint);
}

std::optional<Held> held_of(const ledger::WakeUp& wake_up, std::istream& lines) {
  Held held{wake_up.api, wake_up.why, wake_up.since};
  if (!(lines >> held.attempts >> held.http_status)) return std::nullopt;
  lines.ignore(1);
  std::getline(lines, held.problem.member);
  std::getline(lines, held.problem.message);
  std::getline(lines, held.problem.hint);
  return held;
}

} // namespace

Instant due_of(const SecondLook& look, std::uint32_t looks, Instant now) {
  if (look.why != SecondLook::Why::import && look.why != SecondLook::Why::moment) return look.due;
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
  if (const auto& held = waiting.held) {
    wake_up.payload += lines_of(*held);
    wake_up.api = held->api;
    wake_up.why = held->why;
    wake_up.since = held->since;
  }
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
  const auto first_line = wake_up.payload.substr(0, wake_up.payload.find('\n'));
  if (waiting.why == SecondLook::Why::moment) {
    std::istringstream rest(wake_up.payload.substr(first_line.size()));
    waiting.held = held_of(wake_up, rest);
    if (!waiting.held) return std::nullopt;
  }
  std::istringstream payload(first_line);
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
