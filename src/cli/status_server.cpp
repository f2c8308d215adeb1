#include "status_server.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/status/site.hpp>

namespace dialogferry::cli {

namespace {

/// What a served page is made of; what is listed last goes first.
struct Page {
  Config config;
  std::unique_ptr<ledger::Ledger> ledger;
  http::IoPool pool{1};
  std::optional<status::Site> site;
  std::unique_ptr<http::Server> server;
};

} // namespace

Result<Served> serve_status(const Config& config, engine::Engine& engine) {
  const auto page = std::make_shared<Page>();
  page->config = config;
  auto ledger =
      ledger::open(config.ledger.url, name_of(config.environment), ledger::OpenMode::read_only, system_now());
  if (!ledger) return tl::unexpected(ledger.error());
  page->ledger = std::move(*ledger);
  page->site.emplace(
      [page = page.get(), &engine]() -> Result<status::StatusModel> {
        const auto snapshot = page->ledger->snapshot();
        if (!snapshot) return tl::unexpected(snapshot.error());
        const auto live = engine.progress();
        return status::make_status(*snapshot, page->config, &live, system_now());
      },
      system_now);
  http::ServerOptions options;
  options.listen = config.status.listen;
  auto server = http::Server::start(page->pool, std::move(options), page->site->routes());
  if (!server) return tl::unexpected(server.error());
  page->server = std::move(*server);
  return Served{page->server->url(), [page] { page->site->publish(); }};
}

} // namespace dialogferry::cli
