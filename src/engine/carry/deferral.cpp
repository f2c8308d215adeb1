#include <dialogferry/engine/carry/deferral.hpp>

#include <utility>

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

Uploaded failed_by(Problem problem) {
  Uploaded failed;
  failed.problem = std::move(problem);
  return failed;
}

Uploaded failed_by(const Answered& answered) {
  auto failed = failed_by(answered.verdict.problem);
  failed.http_status = answered.verdict.status;
  failed.attempts = answered.attempts;
  failed.held = held_by(answered);
  return failed;
}

Uploaded failed_inside(std::string member, const std::string& error) {
  auto failed = failed_by(Problem{std::move(member), "was not answered inside the engine: " + error, {}});
  failed.held = held_inside();
  return failed;
}

Uploaded failed_by(CarriedFiles files) {
  auto failed = failed_by(files.problem.value_or(Problem{}));
  failed.http_status = files.http_status;
  failed.held = std::move(files.held);
  return failed;
}

Uploaded outcome_of(PublishedRecord record) {
  auto uploaded = failed_by(std::move(record.problem));
  uploaded.outcome = record.outcome;
  uploaded.http_status = record.http_status;
  uploaded.attempts = record.attempts;
  uploaded.held = std::move(record.held);
  return uploaded;
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
