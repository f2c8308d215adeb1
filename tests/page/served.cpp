#include "served.hpp"

namespace dialogferry::status::test {

namespace {

const std::string messages = "a2-correspondence-historic";
const std::string forms = "a2-archived-forms-historic";

/// A history from 2006 on of which the newest `done` days are carried; every 97th is an exception, every 41st
/// lost some records, and the newest ones were compared with the target.
ledger::StageSnapshot long_history(const std::string& row, const std::string& name, int done) {
  ledger::StageSnapshot stage;
  stage.row = row;
  stage.stage = name;
  stage.plan = ledger::Plan{row, name, day("2006-01-01"), day("2025-11-14"), {"skd", "ttd"}};
  Day each = day("2025-11-14");
  for (int i = 0; i < done + 3; ++i, each = each.previous()) {
    ledger::DayTally tally{each, DayState::complete, static_cast<std::uint64_t>(900 + i * 37 % 400), 0};
    if (i >= done) tally.state = DayState::running;
    if (i % 97 == 40 && i < done) tally.state = DayState::parked;
    if (i % 41 == 20) tally.failed = 2;
    if (i < 30) tally.verified = ledger::DayCheck::clean;
    if (i == 33) tally.verified = ledger::DayCheck::differs;
    stage.counts[Outcome::created] += tally.read - tally.failed;
    stage.counts[Outcome::failed] += tally.failed;
    if (tally.state == DayState::parked)
      stage.parked.push_back(
          {{row, name, each, "skd", 0}, "timeout: no answer in 10 s", at("2025-11-20T15:30:00Z")});
    stage.days.push_back(tally);
  }
  stage.counts[Outcome::excluded] = 412;
  stage.rates = steady(240, 6 * 3600);
  stage.changed_at = stage.carried_at = at("2025-11-20T14:32:08Z");
  return stage;
}

ledger::StageSnapshot followed(const std::string& row, const std::string& name) {
  ledger::StageSnapshot stage;
  stage.row = row;
  stage.stage = name;
  stage.counts[Outcome::created] = 48'213;
  stage.counts[Outcome::updated] = 190'442;
  stage.feeds = {{"stream", {at("2025-11-20T14:32:07Z"), {}}, now}};
  stage.rates = steady(21, 6 * 3600);
  stage.carried_at = at("2025-11-20T14:32:07Z");
  return stage;
}

ledger::JournalEntry entry(ledger::JournalKind kind, const char* when, const std::string& row) {
  ledger::JournalEntry entry;
  entry.at = at(when);
  entry.kind = kind;
  entry.row = row;
  return entry;
}

ledger::Snapshot snapshot_after(int happened) {
  auto snapshot =
      snapshot_of({long_history(history, "carry", 2300 + happened), long_history(forms, "carry", 1500),
                   long_history(messages, "migrate", 900), long_history(messages, "publish", 700),
                   followed(live, "carry"), followed("a2-archived-forms-live", "carry"),
                   followed("a2-correspondence-live", "carry"), followed("a3-correspondence", "ensure")});
  snapshot.causes = {{history, "carry", "events[0].user", 0, ledger::ExceptionState::open, 31},
                     {history, "carry", "Content.Title", 422, ledger::ExceptionState::open, 12},
                     {forms, "carry", "", 404, ledger::ExceptionState::open, 5},
                     {messages, "publish", "ServiceResource", 400, ledger::ExceptionState::open, 3}};
  snapshot.changelog = {
      {history, "carry", at("2025-11-20T10:00:00Z"), day("2019-07-30"), day("2019-09-02"), 23},
      {forms, "carry", at("2025-11-19T10:00:00Z"), day("2021-10-01"), day("2021-12-11"), 15}};
  snapshot.journal = {entry(ledger::JournalKind::day_recovered, "2025-11-18T10:00:00Z", history)};
  snapshot.journal[0].day = day("2025-01-09");
  snapshot.notes = {{1,
                     at("2025-11-18T09:00:00Z"),
                     "kari",
                     {{"en", "Messages are carried a little slower this week, while the archive is moved."},
                      {"nb", "Meldinger overføres litt saktere denne uken, mens arkivet flyttes."}}}};
  snapshot.goals = {
      {{"All of 2025", "Hele 2025"}, {history, forms, messages}, day("2025-01-01"), day("2025-12-31")},
      {{"All history", "All historikk"}, {history}, day("2006-01-01"), day("2026-06-30")}};
  snapshot.causes[0].count += static_cast<std::uint64_t>(happened);
  if (happened > 0)
    snapshot.held = {{live, "carry", "dialogporten", "behind", 12, now, at("2025-11-20T14:40:00Z")}};
  return snapshot;
}

StatusModel model_after(int happened) {
  auto config = config_of({history, live, forms, messages, "a2-archived-forms-live", "a2-correspondence-live",
                           "a3-correspondence", "dialog-services"});
  const Instant moment{now.ticks + happened * Instant::per_second};
  return make_status(snapshot_after(happened), config, nullptr, moment);
}

} // namespace

ServedPage::ServedPage()
    : site_([this]() -> Result<StatusModel> { return model_after(happened_); },
            // Each turn of the publisher finds a new model.
            [] { return Instant{std::chrono::steady_clock::now().time_since_epoch().count() / 10}; }) {
  http::ServerOptions options;
  options.listen = "127.0.0.1:0";
  auto routes = site_.routes();
  routes.push_back(
      {http::Method::post, "/test/next", [this](const http::ServerRequest&, const http::Reply& reply) {
         ++happened_;
         reply({200, "text/plain; charset=utf-8", "it has happened\n", {}});
       }});
  server_ = http::Server::start(pool_, options, std::move(routes)).value();
  publisher_ = std::thread([this] {
    while (!over_) {
      site_.publish();
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
  });
}

ServedPage::~ServedPage() {
  over_ = true;
  publisher_.join();
}

} // namespace dialogferry::status::test
