#include <dialogferry/status/render.hpp>

#include <fmt/format.h>

#include <initializer_list>
#include <iterator>
#include <utility>

namespace dialogferry::status {

namespace {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Writes families of samples in the Prometheus text format.
class Metrics {
public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(out_), "# HELP dialogferry_{0} {2}\n# TYPE dialogferry_{0} {1}\n", name,
                   type, help);
  }

  template <class Number>
  void sample(Labels labels, Number value) {
    out_ += "dialogferry_";
    out_ += name_;
    char before = '{';
    for (const auto& [label, text] : labels) {
      fmt::format_to(std::back_inserter(out_), "{}{}=\"{}\"", before, label, escaped(text));
      before = ',';
    }
    fmt::format_to(std::back_inserter(out_), "{} {}\n", before == '{' ? "" : "}", value);
  }

  std::string take() { return std::move(out_); }

private:
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '\\' || c == '"') out += '\\';
      if (c == '\n')
        out += "\\n";
      else
        out += c;
    }
    return out;
  }

  std::string out_;
  std::string_view name_;
};

template <class Each>
void for_rows(const StatusModel& model, Each each) {
  for (const auto& row : model.rows)
    if (row.state != RowState::off) each(row);
}

void records(Metrics& metrics, const StatusModel& model) {
  metrics.family("records_total", "counter", "Records read, by what became of them.");
  for_rows(model, [&](const RowStatus& row) {
    for (std::size_t i = 0; i < outcome_count; ++i)
      metrics.sample({{"row", row.id}, {"outcome", name_of(static_cast<Outcome>(i))}}, row.counts.of[i]);
  });
  metrics.family("records_per_second", "gauge", "Records read per second over the last minute.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.rate); });
  metrics.family("restarts_total", "counter", "Restarts of shards.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.restarts); });
}

void days(Metrics& metrics, const StatusModel& model) {
  metrics.family("days", "gauge", "Days of the history, by state; planned is all of them.");
  for_rows(model, [&](const RowStatus& row) {
    if (!row.history) return;
    metrics.sample({{"row", row.id}, {"state", "planned"}}, row.numbers.planned);
    metrics.sample({{"row", row.id}, {"state", "complete"}}, row.numbers.complete);
    metrics.sample({{"row", row.id}, {"state", "parked"}}, row.numbers.parked);
    metrics.sample({{"row", row.id}, {"state", "running"}}, row.numbers.running);
  });
  metrics.family("migrated_back_to_timestamp_seconds", "gauge",
                 "Start of the day the history is migrated back to.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.migrated_back_to)
      metrics.sample({{"row", row.id}}, row.migrated_back_to->start().ticks / Instant::per_second);
  });
}

void trouble(Metrics& metrics, const StatusModel& model) {
  metrics.family("row_state", "gauge", "1 for the state a row is in.");
  for_rows(model, [&](const RowStatus& row) {
    for (const auto state : {RowState::ok, RowState::warning, RowState::paused})
      metrics.sample({{"row", row.id}, {"state", name_of(state)}}, row.state == state ? 1 : 0);
  });
  metrics.family("exceptions", "gauge", "Records that could not be carried and need somebody.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.open_exceptions); });
}

void waits(Metrics& metrics, const StatusModel& model) {
  metrics.family("waiting", "gauge", "1 where a row waits, by why and for whom.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.wait)
      metrics.sample({{"row", row.id}, {"code", name_of(row.wait->code)}, {"api", row.wait->api}}, 1);
  });
  metrics.family("deferred_records", "gauge", "Records that wait and are tried again, by for whom and why.");
  for_rows(model, [&](const RowStatus& row) {
    for (const auto& share : row.deferred)
      metrics.sample({{"row", row.id}, {"api", share.api}, {"why", share.why}}, share.records);
  });
  metrics.family("waiting_until_seconds", "gauge", "When an API that is left alone is asked again.");
  for (const auto& api : model.apis)
    if (api.wait && api.wait->until)
      metrics.sample({{"api", api.name}, {"code", name_of(api.wait->code)}},
                     api.wait->until->ticks / Instant::per_second);
}

void live(Metrics& metrics, const StatusModel& model) {
  metrics.family("live_lag_seconds", "gauge", "How far a live row is behind the newest change known.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.live_lag_seconds) metrics.sample({{"row", row.id}}, *row.live_lag_seconds);
  });
  metrics.family("inbox_records", "gauge", "Records whose events wait to be looked at.");
  for_rows(model, [&](const RowStatus& row) {
    if (!row.history) metrics.sample({{"row", row.id}}, row.waiting);
  });
  metrics.family("last_carried_timestamp_seconds", "gauge", "When the last record came to an outcome.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.last_carried_at)
      metrics.sample({{"row", row.id}}, row.last_carried_at->ticks / Instant::per_second);
  });
}

void events(Metrics& metrics, const EventsProgress& events) {
  metrics.family("events_total", "counter", "Events that came in over HTTP, by what became of them.");
  metrics.sample({{"result", "noted"}}, events.noted);
  metrics.sample({{"result", "without_instance"}}, events.without_instance);
  metrics.sample({{"result", "invalid"}}, events.broken);
  metrics.sample({{"result", "shed"}}, events.shed);
  metrics.sample({{"result", "failed"}}, events.failed);
  metrics.family("events_joined_total", "counter", "Noted events of a record named before in their batch.");
  metrics.sample({}, events.joined);
  metrics.family("event_validations_total", "counter", "Checks of a subscription.");
  metrics.sample({}, events.validations);
  metrics.family("event_requests_refused_total", "counter",
                 "Requests with events that were refused, by why.");
  metrics.sample({{"reason", "secret"}}, events.refused_secret);
  metrics.sample({{"reason", "content_type"}}, events.refused_type);
  metrics.sample({{"reason", "invalid"}}, events.refused_invalid);
  metrics.sample({{"reason", "too_many"}}, events.refused_too_many);
  metrics.family("events_under_way", "gauge", "Records named by events that are being noted.");
  metrics.sample({}, events.under_way);
}

void apis(Metrics& metrics, const StatusModel& model) {
  metrics.family("api_rate_limit", "gauge", "Requests per second an API may be asked now; 0 is no ceiling.");
  for (const auto& api : model.apis)
    metrics.sample({{"api", api.name}}, api.rate);
  metrics.family("api_in_flight", "gauge", "Requests that wait for an answer.");
  for (const auto& api : model.apis)
    metrics.sample({{"api", api.name}}, api.in_flight);
  metrics.family("api_concurrency_limit", "gauge", "Requests that may wait for an answer at once.");
  for (const auto& api : model.apis)
    metrics.sample({{"api", api.name}}, api.concurrency_limit);
  metrics.family("api_paused", "gauge", "1 while an API is left alone.");
  for (const auto& api : model.apis)
    metrics.sample({{"api", api.name}}, api.paused_until && *api.paused_until > model.as_of ? 1 : 0);
}

} // namespace

std::string render_metrics(const StatusModel& model) {
  Metrics metrics;
  metrics.family("info", "gauge", "Always 1; the environment as a label.");
  metrics.sample({{"environment", model.environment}}, 1);
  records(metrics, model);
  days(metrics, model);
  trouble(metrics, model);
  waits(metrics, model);
  live(metrics, model);
  if (!model.apis.empty()) apis(metrics, model);
  if (model.events) events(metrics, *model.events);
  return metrics.take();
}

} // namespace dialogferry::status
