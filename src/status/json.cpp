#include "causes.hpp"
#include "json_writer.hpp"

#include <dialogferry/status/render.hpp>

namespace dialogferry::status {

namespace {

void eta(JsonWriter& json, const std::optional<Eta>& eta) {
  json.key("eta");
  if (!eta) {
    json.null();
    return;
  }
  json.open('{').member("from", eta->from).member("to", eta->to).close('}');
}

void counts(JsonWriter& json, const Counts& counts) {
  json.key("counts").open('{').member("read", counts.read());
  for (std::size_t i = 0; i < outcome_count; ++i)
    json.member(name_of(static_cast<Outcome>(i)), counts.of[i]);
  json.close('}');
}

void wait_members(JsonWriter& json, const Wait& wait) {
  json.open('{').member("code", name_of(wait.code)).member("api", wait.api).member("until", wait.until);
  json.member("records", wait.records).member("whole", wait.whole);
  if (wait.code == WaitCode::by_operator) json.member("who", wait.who).member("since", wait.since);
  json.close('}');
}

/// What a row waits for: `waiting` counts the events of a live row.
void waits(JsonWriter& json, const RowStatus& row) {
  json.member("held_up_by", row.wait ? row.wait->api : std::string{});
  json.key("waits_for");
  if (row.wait)
    wait_members(json, *row.wait);
  else
    json.null();
  json.key("deferred").open('[');
  for (const auto& share : row.deferred) {
    json.open('{').member("api", share.api).member("why", share.why).member("records", share.records);
    json.member("until", share.until).close('}');
  }
  json.close(']').key("organisations").open('[');
  for (const auto& name : row.organisations)
    json.value(name);
  json.close(']');
}

void row(JsonWriter& json, const RowStatus& row) {
  json.open('{').member("id", row.id).member("state", name_of(row.state));
  waits(json, row);
  json.key("paused");
  if (row.paused)
    json.open('{')
        .member("who", row.paused->who)
        .member("since", row.paused->at == Instant{} ? std::nullopt : std::optional(row.paused->at))
        .close('}');
  else
    json.null();
  json.member("from", row.from).member("cutover", row.cutover);
  json.member("migrated_back_to", row.migrated_back_to);
  json.member("first_hop_back_to", row.first_hop_back_to);
  json.member("newest_direct", row.newest_direct);
  json.member("cannot_look", row.cannot_look);
  json.key("exceptions").open('[');
  for (const auto day : row.exceptions)
    json.value(day);
  json.close(']');
  json.member("live_lag_seconds", row.live_lag_seconds);
  json.key("waiting");
  if (row.history)
    json.null();
  else
    json.value(row.waiting);
  json.member("last_carried_at", row.last_carried_at);
  counts(json, row.counts);
  json.key("days").open('{');
  json.member("planned", row.numbers.planned).member("complete", row.numbers.complete);
  json.member("parked", row.numbers.parked).member("running", row.numbers.running);
  json.member("verified", row.numbers.verified).member("differ", row.days_that_differ).close('}');
  json.member("comparing", row.comparing).key("not_compared").open('[');
  for (const auto& one : row.not_compared)
    json.open('{').member("day", one.day).member("why", one.why).member("again", one.again).close('}');
  json.close(']');
  json.member("open_exceptions", row.open_exceptions)
      .member("restarts", row.restarts)
      .member("rate", row.rate);
  eta(json, row.eta);
  json.close('}');
}

void goal(JsonWriter& json, const GoalStatus& goal) {
  json.open('{').key("name").open('{');
  json.member("en", goal.goal.name.en).member("nb", goal.goal.name.nb).close('}');
  json.key("rows").open('[');
  for (const auto& row : goal.goal.rows)
    json.value(row);
  json.close(']').member("from", goal.goal.from).member("deadline", goal.goal.deadline);
  json.member("state", name_of(goal.state));
  json.key("days").open('{').member("planned", goal.days).member("complete", goal.done);
  json.member("parked", goal.exceptions).close('}');
  eta(json, goal.eta);
  json.close('}');
}

void causes(JsonWriter& json, const StatusModel& model) {
  json.key("causes").open('[');
  for (const auto& cause : model.causes) {
    const auto kind = cause_of(cause.cause, cause.http_status);
    json.open('{').member("row", cause.row).member("stage", cause.stage).member("cause", cause.cause);
    json.member("kind", name_of(kind)).member("who_acts", name_of(actor_of(kind)));
    json.key("http_status");
    if (cause.http_status == 0)
      json.null();
    else
      json.value(static_cast<std::uint64_t>(cause.http_status));
    json.member("state", name_of(cause.state)).member("count", cause.count).close('}');
  }
  json.close(']');
}

void changelog(JsonWriter& json, const StatusModel& model) {
  json.key("changelog").open('[');
  for (const auto& line : model.changelog) {
    json.open('{').member("at", line.at).member("kind", name_of(line.kind)).member("row", line.row);
    json.member("stage", line.stage).member("migrated_back_to", line.migrated_back_to);
    json.member("before", line.before).member("exceptions", line.exceptions).key("days").open('[');
    for (const auto day : line.days)
      json.value(day);
    json.close(']')
        .member("who", line.who)
        .member("subject", line.subject)
        .member("value", line.value)
        .close('}');
  }
  json.close(']');
}

void throughput(JsonWriter& json, const Throughput& throughput) {
  json.key("throughput").open('{').member("from", throughput.from);
  json.member("step_seconds", static_cast<std::uint64_t>(Throughput::step)).key("records").open('[');
  for (const auto records : throughput.records)
    json.value(records);
  json.close(']').close('}');
}

void notes(JsonWriter& json, const StatusModel& model) {
  json.key("notes").open('[');
  for (const auto& note : model.notes) {
    json.open('{').member("at", note.at).key("text").open('{');
    for (const auto& [language, text] : note.text)
      json.member(language, text);
    json.close('}').close('}');
  }
  json.close(']');
}

void engines(JsonWriter& json, const StatusModel& model) {
  json.key("engines").open('[');
  for (const auto& engine : model.engines) {
    json.open('{').member("name", engine.name).member("host", engine.host);
    json.member("version", engine.version).member("configuration", engine.configuration);
    json.member("started_at", engine.started_at).member("seen_at", engine.seen_at);
    json.member("left_at", engine.left_at).member("left_why", engine.left_why);
    json.member("records", engine.records).member("rate", engine.rate).member("shards", engine.shards);
    json.key("duties").open('[');
    for (const auto& duty : engine.duties)
      json.value(duty);
    json.close(']').key("shares").open('[');
    for (const auto& share : engine.shares)
      json.open('{').member("pool", share.pool).member("duties", share.duties).close('}');
    json.close(']').close('}');
  }
  json.close(']');
}

} // namespace

std::string render_json(const StatusModel& model) {
  JsonWriter json;
  json.open('{').member("as_of", model.as_of).member("environment", model.environment);
  json.member("engine_runs", model.engine_runs).member("changed_at", model.changed_at);
  json.key("rows").open('[');
  for (const auto& each : model.rows)
    row(json, each);
  json.close(']').key("goals").open('[');
  for (const auto& each : model.goals)
    goal(json, each);
  json.close(']');
  causes(json, model);
  changelog(json, model);
  notes(json, model);
  throughput(json, model.throughput);
  engines(json, model);
  json.close('}');
  return json.take() + '\n';
}

std::string render_waits(const StatusModel& model) {
  JsonWriter json;
  json.open('{').member("ready", false).key("rows").open('[');
  for (const auto& each : model.rows) {
    if (each.state == RowState::off || !each.wait) continue;
    json.open('{').member("id", each.id).key("waits_for");
    wait_members(json, *each.wait);
    json.close('}');
  }
  json.close(']').close('}');
  return json.take() + '\n';
}

} // namespace dialogferry::status
