#include <dialogferry/engine/carry/deferral.hpp>

namespace dialogferry::engine {

std::optional<Held> held_by(const Answered& answered) {
  const auto& verdict = answered.verdict;
  if (verdict.fault() != http::Verdict::Fault::moment) return std::nullopt;
  using Reason = http::Verdict::Reason;
  const auto why = verdict.reason == Reason::none ? Reason::race : verdict.reason; // it is there, and is not
  return Held{answered.api, std::string(http::name_of(why))};
}

Held held_inside() {
  return {"engine", std::string(http::name_of(http::Verdict::Reason::local))};
}

void defer(Uploaded& uploaded, const std::optional<Waiting>& before, Instant now,
           std::chrono::milliseconds retry_for) {
  if (uploaded.outcome != Outcome::failed || !uploaded.held) return;
  auto held = std::move(*uploaded.held);
  uploaded.held.reset();
  held.since = now;
  held.attempts = uploaded.attempts;
  if (before && before->held) {
    held.since = before->held->since;
    held.attempts += before->held->attempts;
  }
  if (now.ticks - held.since.ticks >= retry_for.count() * Instant::per_millisecond) {
    uploaded.attempts = held.attempts;
    return;
  }
  held.http_status = uploaded.http_status;
  held.problem = std::move(uploaded.problem);
  uploaded.problem = {};
  uploaded.outcome = Outcome::deferred;
  uploaded.again = SecondLook{SecondLook::Why::moment, {now.ticks + first_hold}, {}, std::move(held)};
}

} // namespace dialogferry::engine
