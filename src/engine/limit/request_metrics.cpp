#include <dialogferry/engine/limit/request_metrics.hpp>

#include <utility>

namespace dialogferry::engine {

namespace {

using Kind = http::Verdict::Kind;
using Reason = http::Verdict::Reason;

/// Seconds: from an answer of this machine to a write that is awaited for minutes (observed.md OR-3).
const std::vector<double> bounds = {0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                    1,     2.5,   5,    10,    30,   60,  300,  900};

std::string_view outcome_of(Kind kind, Reason reason) {
  return kind == Kind::again ? http::name_of(reason) : http::name_of(kind);
}

} // namespace

RequestMetrics::RequestMetrics(std::shared_ptr<metrics::Registry> registry, const std::string& api)
    : registry_(std::move(registry)) {
  const auto series = [&](Kind kind, Reason reason) {
    return &registry_->counter("api_requests_total", "Attempts at an API, by how they ended.",
                               {{"api", api}, {"outcome", std::string(outcome_of(kind, reason))}});
  };
  for (std::size_t i = 0; i < kinds_.size(); ++i)
    if (static_cast<Kind>(i) != Kind::again) kinds_[i] = series(static_cast<Kind>(i), Reason::none);
  for (std::size_t i = 1; i < reasons_.size(); ++i) // nothing is tried again for no reason
    reasons_[i] = series(Kind::again, static_cast<Reason>(i));
  const auto seconds = [&](const char* kind) {
    return &registry_->seconds("api_request_duration_seconds",
                               "From sending a request to the end of its answer, by kind.",
                               {{"api", api}, {"kind", kind}}, bounds);
  };
  reads_ = seconds("read");
  writes_ = seconds("write");
}

metrics::Counter& RequestMetrics::of(Kind kind, Reason reason) {
  auto* counter = kind == Kind::again ? reasons_.at(static_cast<std::size_t>(reason))
                                      : kinds_.at(static_cast<std::size_t>(kind));
  return *counter;
}

void RequestMetrics::answered(http::Operation operation, const http::Verdict& verdict, Moment took) {
  of(verdict.kind, verdict.reason).Increment();
  (http::is_write(operation) ? writes_ : reads_)->Observe(std::chrono::duration<double>(took).count());
}

} // namespace dialogferry::engine
