#include "../http/answers.hpp"
#include "support.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/status/site.hpp>

#include <atomic>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

/// A served site whose model, failure and clock the test sets.
struct Served {
  std::atomic<int> made = 0;
  std::atomic<std::int64_t> clock = now.ticks;
  std::atomic<bool> broken = false;
  std::atomic<bool> draining = false;
  std::atomic<bool> waiting = false;
  Site site{[this]() -> Result<StatusModel> {
              ++made;
              if (broken) return fail("ledger", "cannot be read");
              auto model = full_model();
              model.draining = draining;
              for (auto& row : model.rows)
                if (waiting) row.wait = Wait{WaitCode::asked, "dialogporten", now};
              return model;
            },
            [this] { return Instant{clock}; }};
  http::IoPool pool{2};
  std::unique_ptr<http::Server> server = start();
  std::unique_ptr<http::Client> client = connect(pool, server->url());

  std::unique_ptr<http::Server> start() {
    http::ServerOptions options;
    options.listen = "127.0.0.1:0";
    return http::Server::start(pool, options, site.routes()).value();
  }
  http::Response fetch(std::string target, std::vector<http::Header> headers = {}) {
    auto request = get(std::move(target));
    request.headers = std::move(headers);
    auto answer = ask(*client, std::move(request));
    if (!answer) FAIL(answer.error().text);
    return *answer;
  }
};

} // namespace

TEST_CASE("The page comes in the language asked for, or else the browser's", "[status]") {
  Served served;
  CHECK_THAT(served.fetch("/").body, Contains("<html lang=\"en\">"));
  CHECK_THAT(served.fetch("/?lang=nb").body, Contains("<html lang=\"nb\">"));
  CHECK_THAT(served.fetch("/", {{"Accept-Language", "nb-NO,nb;q=0.9,en;q=0.8"}}).body,
             Contains("<html lang=\"nb\">"));
  CHECK_THAT(served.fetch("/", {{"Accept-Language", "de, nn;q=0.7"}}).body, Contains("<html lang=\"nb\">"));
  CHECK_THAT(served.fetch("/?lang=en", {{"Accept-Language", "nb"}}).body, Contains("<html lang=\"en\">"));
  CHECK(served.fetch("/").content_type == "text/html; charset=utf-8");
}

TEST_CASE("Status, metrics and health have their own addresses and types", "[status]") {
  Served served;
  const auto status = served.fetch("/api/status");
  CHECK(status.body == render_json(full_model()));
  CHECK_THAT(status.content_type, Contains("application/json"));
  CHECK_THAT(served.fetch("/metrics").content_type, Contains("version=0.0.4"));
  CHECK(served.fetch("/healthz").status == 200);
  CHECK(served.fetch("/readyz").status == 200);
  CHECK(served.fetch("/nothing").status == 404);
}

TEST_CASE("An engine that drains or cannot read its ledger lives, but is not ready", "[status]") {
  Served served;
  served.draining = true;
  CHECK(served.fetch("/readyz").status == 503);
  CHECK(served.fetch("/").status == 200);
  served.draining = false;
  served.broken = true;
  served.clock += 2 * Instant::per_second;
  CHECK(served.fetch("/readyz").status == 503);
  CHECK(served.fetch("/api/status").status == 503);
  CHECK(served.fetch("/healthz").status == 200);
  served.broken = false;
  served.clock += 2 * Instant::per_second;
  CHECK(served.fetch("/readyz").status == 200);
}

TEST_CASE("An engine whose rows all wait is not ready, and says for whom and until when", "[status][OR-9]") {
  Served served;
  served.waiting = true;
  const auto waits = served.fetch("/readyz");
  CHECK(waits.status == 503);
  CHECK_THAT(waits.content_type, Contains("application/json"));
  CHECK_THAT(waits.body, Catch::StartsWith(R"({"ready":false,"rows":[{"id":"a3-app-instances-historic",)"
                                           R"("waits_for":{"code":"asked","api":"dialogporten",)"
                                           R"("until":"2025-11-20T14:32:10Z")"));
  CHECK(served.fetch("/healthz").status == 200);
  served.waiting = false;
  served.clock += 2 * Instant::per_second;
  CHECK(served.fetch("/readyz").status == 200);
}

TEST_CASE("Readers within a second share one reading of the ledger", "[status]") {
  Served served;
  for (int i = 0; i < 5; ++i)
    served.fetch("/api/status");
  CHECK(served.made == 1);
  served.clock += Instant::per_second;
  served.fetch("/metrics");
  CHECK(served.made == 2);
}

TEST_CASE("Listeners get the status at once and with every publishing", "[status]") {
  Served served;
  std::atomic<bool> done = false;
  auto promise = std::make_shared<std::promise<http::Answer>>();
  auto answer = promise->get_future();
  served.client->send(std::make_shared<const http::Request>(get("/api/events")),
                      [promise](http::Answer got) { promise->set_value(std::move(got)); });
  // The stream is there once a publishing makes a model for it.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!done && std::chrono::steady_clock::now() < deadline) {
    const int before = served.made;
    served.clock += 2 * Instant::per_second;
    served.site.publish();
    done = before > 0 && served.made > before;
    if (!done) std::this_thread::yield();
  }
  CHECK(done);
  served.server->stop();
  REQUIRE(answer.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  const auto got = answer.get();
  if (!got) FAIL(got.error().text);
  CHECK(got->content_type == "text/event-stream");
  const auto event = "event: status\ndata: " + render_json(full_model());
  CHECK(got->body.rfind(event.substr(0, 60), 0) == 0);
  CHECK(got->body.find("event: status", 20) != std::string::npos);
}
