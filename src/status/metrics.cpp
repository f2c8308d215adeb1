#include <dialogferry/status/metrics.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

namespace dialogferry::status {

namespace {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr auto gauge = MetricType::Gauge;
constexpr auto counter = MetricType::Counter;

/// Collects families of samples.
class Metrics {
public:
  void family(const std::string& name, MetricType type, std::string help) {
    families_.push_back({"dialogferry_" + name, std::move(help), type, {}});
  }

  template <class Number>
  void sample(Labels labels, Number value) {
    auto& family = families_.back();
    auto& metric = family.metric.emplace_back();
    for (const auto& [name, text] : labels)
      metric.label.push_back({std::string(name), std::string(text)});
    (family.type == counter ? metric.counter.value : metric.gauge.value) = static_cast<double>(value);
  }

  std::vector<MetricFamily> take() { return std::move(families_); }

private:
  std::vector<MetricFamily> families_;
};

double seconds_of(Instant at) {
  return static_cast<double>(at.ticks / Instant::per_second);
}

template <class Each>
void for_rows(const StatusModel& model, Each each) {
  for (const auto& row : model.rows)
    if (row.state != RowState::off) each(row);
}

void records(Metrics& metrics, const StatusModel& model) {
  metrics.family("records_total", counter, "Records read, by what became of them.");
  for_rows(model, [&](const RowStatus& row) {
    for (std::size_t i = 0; i < outcome_count; ++i)
      metrics.sample({{"row", row.id}, {"outcome", name_of(static_cast<Outcome>(i))}}, row.counts.of[i]);
  });
  metrics.family("records_per_second", gauge, "Records read per second over the last minute.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.rate); });
  metrics.family("restarts_total", counter, "Restarts of shards.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.restarts); });
}

void days(Metrics& metrics, const StatusModel& model) {
  metrics.family("day_tally", gauge, "Days of the history, by state; planned is all of them.");
  for_rows(model, [&](const RowStatus& row) {
    if (!row.history) return;
    metrics.sample({{"row", row.id}, {"state", "planned"}}, row.numbers.planned);
    metrics.sample({{"row", row.id}, {"state", "complete"}}, row.numbers.complete);
    metrics.sample({{"row", row.id}, {"state", "parked"}}, row.numbers.parked);
    metrics.sample({{"row", row.id}, {"state", "running"}}, row.numbers.running);
  });
  metrics.family("day_checks", gauge, "Days of the history, by what comparing source and target has shown.");
  for_rows(model, [&](const RowStatus& row) {
    if (!row.history) return;
    for (const auto check : {ledger::DayCheck::clean, ledger::DayCheck::sampled, ledger::DayCheck::differs})
      metrics.sample({{"row", row.id}, {"result", ledger::name_of(check)}},
                     std::count_if(row.days.begin(), row.days.end(),
                                   [&](const auto& day) { return day.verified == check; }));
  });
  metrics.family("uncompared_day_tally", gauge,
                 "Days whose source and target could not be compared lately, and are tried again.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.history) metrics.sample({{"row", row.id}}, row.not_compared.size());
  });
  metrics.family("migrated_back_to_timestamp_seconds", gauge,
                 "Start of the day the history is migrated back to.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.migrated_back_to) metrics.sample({{"row", row.id}}, seconds_of(row.migrated_back_to->start()));
  });
}

void trouble(Metrics& metrics, const StatusModel& model) {
  metrics.family("row_state", gauge, "1 for the state a row is in.");
  for_rows(model, [&](const RowStatus& row) {
    for (const auto state : {RowState::ok, RowState::warning, RowState::paused})
      metrics.sample({{"row", row.id}, {"state", name_of(state)}}, row.state == state ? 1 : 0);
  });
  metrics.family("parked_shards", gauge,
                 "Shards that failed too often or wait for records, and are tried again.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.parked.size()); });
  metrics.family("records_in_flight", gauge, "Records between being read and acknowledged by the ledger.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.in_flight); });
  metrics.family("exceptions", gauge, "Records that could not be carried and need somebody.");
  for_rows(model, [&](const RowStatus& row) { metrics.sample({{"row", row.id}}, row.open_exceptions); });
}

void waits(Metrics& metrics, const StatusModel& model) {
  metrics.family("waiting", gauge, "1 where a row waits, by why and for whom.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.paused) metrics.sample({{"row", row.id}, {"code", "operator"}, {"api", ""}}, 1);
    if (row.wait)
      metrics.sample({{"row", row.id}, {"code", name_of(row.wait->code)}, {"api", row.wait->api}}, 1);
  });
  metrics.family("deferred_records", gauge, "Records that wait and are tried again, by for whom and why.");
  for_rows(model, [&](const RowStatus& row) {
    for (const auto& share : row.deferred)
      metrics.sample({{"row", row.id}, {"api", share.api}, {"why", share.why}}, share.records);
  });
  metrics.family("waiting_until_seconds", gauge, "When an API that is left alone is asked again.");
  for (const auto& api : model.apis)
    if (api.wait && api.wait->until)
      metrics.sample({{"api", api.name}, {"code", name_of(api.wait->code)}}, seconds_of(*api.wait->until));
}

void live(Metrics& metrics, const StatusModel& model) {
  metrics.family("live_lag_seconds", gauge, "How far a live row is behind the newest change known.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.live_lag_seconds) metrics.sample({{"row", row.id}}, *row.live_lag_seconds);
  });
  metrics.family("inbox_records", gauge, "Records whose events wait to be looked at.");
  for_rows(model, [&](const RowStatus& row) {
    if (!row.history) metrics.sample({{"row", row.id}}, row.waiting);
  });
  metrics.family("last_carried_timestamp_seconds", gauge, "When the last record came to an outcome.");
  for_rows(model, [&](const RowStatus& row) {
    if (row.last_carried_at) metrics.sample({{"row", row.id}}, seconds_of(*row.last_carried_at));
  });
}

void events(Metrics& metrics, const EventsProgress& events) {
  metrics.family("events_total", counter, "Events that came in over HTTP, by what became of them.");
  metrics.sample({{"result", "noted"}}, events.noted);
  metrics.sample({{"result", "without_instance"}}, events.without_instance);
  metrics.sample({{"result", "invalid"}}, events.broken);
  metrics.sample({{"result", "shed"}}, events.shed);
  metrics.sample({{"result", "failed"}}, events.failed);
  metrics.family("events_joined_total", counter, "Noted events of a record named before in their batch.");
  metrics.sample({}, events.joined);
  metrics.family("event_validations_total", counter, "Checks of a subscription.");
  metrics.sample({}, events.validations);
  metrics.family("event_requests_refused_total", counter, "Requests with events that were refused, by why.");
  metrics.sample({{"reason", "secret"}}, events.refused_secret);
  metrics.sample({{"reason", "content_type"}}, events.refused_type);
  metrics.sample({{"reason", "invalid"}}, events.refused_invalid);
  metrics.sample({{"reason", "too_many"}}, events.refused_too_many);
  metrics.family("events_under_way", gauge, "Records named by events that are being noted.");
  metrics.sample({}, events.under_way);
}

void apis(Metrics& metrics, const StatusModel& model) {
  const auto each = [&](const char* name, const char* help, auto value) {
    metrics.family(name, gauge, help);
    for (const auto& api : model.apis)
      metrics.sample({{"api", api.name}}, value(api));
  };
  each("api_rate_limit", "Requests per second an API may be asked now; 0 is no ceiling.",
       [](const ApiProgress& api) { return api.rate; });
  each("api_in_flight", "Requests that wait for an answer.",
       [](const ApiProgress& api) { return api.in_flight; });
  each("api_concurrency_limit", "Requests that may wait for an answer at once.",
       [](const ApiProgress& api) { return api.concurrency_limit; });
  each("api_paused", "1 while an API is left alone.", [&](const ApiProgress& api) {
    return api.reason == "operator" || (api.paused_until && *api.paused_until > model.as_of) ? 1 : 0;
  });
  each("api_down", "1 while an API does not answer.",
       [](const ApiProgress& api) { return api.reason == "outage" ? 1 : 0; });
  metrics.family("api_queue", gauge, "Requests that wait to be sent, by priority.");
  for (const auto& api : model.apis) {
    metrics.sample({{"api", api.name}, {"priority", "live"}}, api.waiting_live);
    metrics.sample({{"api", api.name}, {"priority", "history"}}, api.waiting_history);
  }
  metrics.family("api_limited_by", gauge, "1 for what holds requests to an API back.");
  for (const auto& api : model.apis)
    metrics.sample({{"api", api.name}, {"reason", api.reason}}, 1);
}

/// Of the whole ledger: any engine tells of all of them.
void engines(Metrics& metrics, const StatusModel& model) {
  const auto each = [&](const char* name, const char* help, auto value) {
    metrics.family(name, gauge, help);
    for (const auto& engine : model.engines)
      if (!engine.left_at) metrics.sample({{"engine", engine.name}}, value(engine));
  };
  each("engine_up", "1 for each engine at work on the ledger.", [](const auto&) { return 1; });
  each("engine_records_per_second", "Records that an engine reads per second.",
       [](const auto& engine) { return engine.rate; });
  each("engine_shards", "Parts of days that an engine carries.",
       [](const auto& engine) { return engine.shards; });
  each("engine_seen_timestamp_seconds", "When an engine was last heard of, by the database's clock.",
       [](const auto& engine) { return seconds_of(engine.seen_at); });
}

void goals(Metrics& metrics, const StatusModel& model) {
  metrics.family("goal", gauge, "1 for the state a goal is in.");
  for (const auto& goal : model.goals)
    metrics.sample({{"goal", goal.goal.name.en}, {"state", name_of(goal.state)}}, 1);
}

} // namespace

std::vector<MetricFamily> metrics_of(const StatusModel& model) {
  Metrics metrics;
  metrics.family("info", gauge, "Always 1; the environment as a label.");
  metrics.sample({{"environment", model.environment}}, 1);
  records(metrics, model);
  days(metrics, model);
  trouble(metrics, model);
  waits(metrics, model);
  live(metrics, model);
  if (!model.apis.empty()) apis(metrics, model);
  if (!model.engines.empty()) engines(metrics, model);
  if (!model.goals.empty()) goals(metrics, model);
  if (model.events) events(metrics, *model.events);
  return metrics.take();
}

std::string render_metrics(const StatusModel& model, const metrics::Registry* counted) {
  auto families = metrics_of(model);
  if (counted != nullptr)
    for (auto& family : counted->collect())
      families.push_back(std::move(family));
  return metrics::text_of(families);
}

} // namespace dialogferry::status
