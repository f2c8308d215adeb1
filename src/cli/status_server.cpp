#include "status_server.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/source/webhook.hpp>
#include <dialogferry/status/site.hpp>

#include <fstream>
#include <iterator>

namespace dialogferry::cli {

namespace {

/// What a served page is made of; what is listed last goes first.
struct Page {
  Config config;
  std::unique_ptr<ledger::Ledger> ledger;
  http::IoPool pool{1};
  std::optional<status::Site> site;
  std::optional<source::Webhook> webhook;
  std::unique_ptr<http::Server> server;
};

/// The secret that the file holds; empty where none is configured.
Result<std::string> read_secret(const std::string& path) {
  constexpr std::string_view key = "status.webhook_secret_file";
  if (path.empty()) return std::string();
  std::ifstream file(path);
  if (!file) return fail(std::string(key), "cannot be read: " + path);
  std::string secret((std::istreambuf_iterator<char>(file)), {});
  const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!secret.empty() && blank(secret.back()))
    secret.pop_back();
  while (!secret.empty() && blank(secret.front()))
    secret.erase(secret.begin());
  if (secret.empty())
    return fail(std::string(key), "is empty: " + path, "write a secret of your own into it");
  return secret;
}

EventsProgress events_of(const source::WebhookCounts& counts) {
  return {counts.noted, counts.without_instance, counts.refused, counts.shed};
}

} // namespace

Result<Served> serve_status(const Config& config, engine::Engine& engine) {
  const auto page = std::make_shared<Page>();
  page->config = config;
  auto ledger =
      ledger::open(config.ledger.url, name_of(config.environment), ledger::OpenMode::read_only, system_now());
  if (!ledger) return tl::unexpected(ledger.error());
  page->ledger = std::move(*ledger);
  auto secret = read_secret(config.status.webhook_secret_file);
  if (!secret) return tl::unexpected(secret.error());
  source::WebhookSetup webhook;
  webhook.note = [&engine](auto records, auto done) {
    engine.note_events(std::move(records), std::move(done));
  };
  webhook.secret = std::move(*secret);
  page->webhook.emplace(webhook);
  page->site.emplace(
      [page = page.get(), &engine, counts = webhook.counts]() -> Result<status::StatusModel> {
        const auto snapshot = page->ledger->snapshot();
        if (!snapshot) return tl::unexpected(snapshot.error());
        auto live = engine.progress();
        live.events = events_of(*counts);
        return status::make_status(*snapshot, page->config, &live, system_now());
      },
      system_now);
  http::ServerOptions options;
  options.listen = config.status.listen;
  auto routes = page->site->routes();
  if (engine.takes_events()) routes.push_back(page->webhook->route());
  auto server = http::Server::start(page->pool, std::move(options), std::move(routes));
  if (!server) return tl::unexpected(server.error());
  page->server = std::move(*server);
  const auto reconfigure = [page](const Config& changed) -> Result<void> {
    auto other = read_secret(changed.status.webhook_secret_file);
    if (!other) return tl::unexpected(other.error());
    page->webhook->set_secret(std::move(*other));
    return {};
  };
  return Served{page->server->url(), [page] { page->site->publish(); }, reconfigure};
}

} // namespace dialogferry::cli
