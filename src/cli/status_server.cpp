#include "status_server.hpp"

#include "control.hpp"
#include "secret_file.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/ledger/outage.hpp>
#include <dialogferry/source/webhook.hpp>
#include <dialogferry/status/site.hpp>

#include <set>

namespace dialogferry::cli {

namespace {

/// The one row that events are for.
constexpr std::string_view events_row = "a3-app-instances-live";

constexpr std::size_t most_readers = 300; ///< of the page's events, a connection each
constexpr std::size_t most_connections = 1024;

/// What a served page is made of; what is listed last goes first.
struct Page {
  Config config;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<ledger::Ledger> inbox; ///< of its own: one is used by one thread at a time
  ledger::Snapshot last;                 ///< what is shown while the ledger is away
  std::set<std::string> goals_noted;     ///< English names
  http::IoPool pool{1};
  std::optional<source::Webhook> webhook;
  std::optional<Control> control;
  std::optional<status::Site> site;
  std::unique_ptr<http::Server> server;
};

Result<std::unique_ptr<ledger::Ledger>> open_to_read(const Config& config) {
  return ledger::open(config.ledger.url, name_of(config.environment), ledger::OpenMode::read_only,
                      system_now());
}

Result<void> open_webhook(Page& page, engine::Engine& engine) {
  auto secrets = read_secrets(page.config.status.webhook_secret_file, webhook_secret_key);
  if (!secrets) return tl::unexpected(secrets.error());
  auto inbox = open_to_read(page.config);
  if (!inbox) return tl::unexpected(inbox.error());
  page.inbox = std::move(*inbox);
  source::WebhookOptions options;
  options.secrets = std::move(*secrets);
  page.webhook.emplace(
      std::move(options),
      [&engine](auto records, auto done) { engine.note_events(std::move(records), std::move(done)); },
      [&page, &engine]() -> std::uint64_t {
        // Where the ledger cannot be read, noting tells why.
        if (engine.ledger_is_away()) return 0;
        const auto waiting = page.inbox->waiting(events_row);
        return waiting ? waiting->records : 0;
      });
  return {};
}

/// A goal that is found to be reached goes into the journal, which keeps the first time.
Result<void> note_goal(Page& page, const std::string& name, Instant now) {
  auto ledger =
      ledger::open(page.config.ledger.url, name_of(page.config.environment), ledger::OpenMode::tool, now);
  if (!ledger) return tl::unexpected(ledger.error());
  ledger::JournalEntry entry;
  entry.at = now;
  entry.kind = ledger::JournalKind::goal_reached;
  entry.subject = name;
  return (*ledger)->note_in_journal(entry);
}

/// One that cannot be noted now is noted with a later model.
void note_goals(Page& page, const status::StatusModel& model) {
  for (const auto& goal : model.goals) {
    const auto& name = goal.goal.name.en;
    if (goal.state != status::GoalState::reached || page.goals_noted.contains(name)) continue;
    if (note_goal(page, name, model.as_of)) page.goals_noted.insert(name);
  }
}

Result<void> open_control(Page& page, engine::Engine& engine) {
  auto tokens = read_secrets(page.config.status.control_token_file, control_token_key);
  if (!tokens) return tl::unexpected(tokens.error());
  page.control.emplace(engine, std::move(*tokens), system_now);
  return {};
}

/// Takes over the secrets of another configuration; what cannot be read leaves them as they are.
Result<void> read_again(Page& page, const Config& changed) {
  auto tokens = read_secrets(changed.status.control_token_file, control_token_key);
  if (!tokens) return tl::unexpected(tokens.error());
  page.control->set_tokens(std::move(*tokens));
  if (!page.webhook) return {};
  auto secrets = read_secrets(changed.status.webhook_secret_file, webhook_secret_key);
  if (!secrets) return tl::unexpected(secrets.error());
  page.webhook->set_secrets(std::move(*secrets));
  return {};
}

Result<status::StatusModel> make_model(Page& page, const engine::Engine& engine) {
  auto snapshot = page.ledger->snapshot();
  if (snapshot) page.last = std::move(*snapshot);
  auto live = engine.progress(page.last);
  if (!snapshot)
    for (auto& row : live.rows)
      row.wait = worse(ledger::wait_for_ledger(), row.wait);
  if (page.webhook) live.events = page.webhook->intake();
  auto model = status::make_status(page.last, engine.configured().in_force, &live, system_now());
  if (snapshot) note_goals(page, model);
  return model;
}

} // namespace

Result<Served> serve_status(const Config& config, engine::Engine& engine) {
  const auto page = std::make_shared<Page>();
  page->config = config;
  auto ledger = open_to_read(config);
  if (!ledger) return tl::unexpected(ledger.error());
  page->ledger = std::move(*ledger);
  auto snapshot = page->ledger->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  page->last = std::move(*snapshot);
  if (engine.takes_events())
    if (auto opened = open_webhook(*page, engine); !opened) return tl::unexpected(opened.error());
  if (auto opened = open_control(*page, engine); !opened) return tl::unexpected(opened.error());
  page->site.emplace([page = page.get(), &engine] { return make_model(*page, engine); }, system_now,
                     engine.counted());

  http::ServerOptions options;
  options.listen = config.status.listen;
  options.max_streams = most_readers;
  options.max_connections = most_connections;
  auto routes = page->site->routes();
  if (page->webhook) routes.push_back(page->webhook->route());
  for (auto& route : page->control->routes())
    routes.push_back(std::move(route));
  auto server = http::Server::start(page->pool, std::move(options), std::move(routes));
  if (!server) return tl::unexpected(server.error());
  page->server = std::move(*server);
  const auto reconfigure = [page](const Config& changed) { return read_again(*page, changed); };
  return Served{page->server->url(), [page] { page->site->publish(); }, reconfigure};
}

} // namespace dialogferry::cli
