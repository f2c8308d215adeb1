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
  std::atomic<bool> held = false;        ///< the ledger is read as long
  std::atomic<std::int64_t> reading = 0; ///< how long that takes
  Site site{[this]() -> Result<StatusModel> {
              while (held)
                std::this_thread::yield();
              ++made;
              clock += reading;
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

TEST_CASE("What takes long to read is read less often, and every three seconds at least", "[status]") {
  Served served;
  served.reading = 20 * Instant::per_millisecond;
  served.fetch("/api/status");
  served.clock += 1900 * Instant::per_millisecond;
  served.fetch("/api/status");
  CHECK(served.made == 1);
  served.clock += 100 * Instant::per_millisecond;
  served.reading = 2 * Instant::per_second;
  served.fetch("/api/status");
  CHECK(served.made == 2);
  served.clock += 900 * Instant::per_millisecond;
  served.fetch("/api/status");
  CHECK(served.made == 2);
  served.clock += 100 * Instant::per_millisecond;
  served.fetch("/api/status");
  CHECK(served.made == 3);
}

namespace {

/// Reads events until the server ends: what one listener gets.
class Listener {
public:
  Listener(Served& served, const std::string& target)
      : served_(served) {
    auto promise = std::make_shared<std::promise<http::Answer>>();
    answer_ = promise->get_future();
    served.client->send(std::make_shared<const http::Request>(get(target)),
                        [promise](http::Answer got) { promise->set_value(std::move(got)); });
  }

  /// Publishes until so many further models have been made for it.
  void after(int models) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    const int enough = served_.made + models;
    while (served_.made < enough && std::chrono::steady_clock::now() < deadline) {
      const int before = served_.made;
      served_.clock += 4 * Instant::per_second; // whatever a reading takes
      served_.site.publish();
      while (served_.made == before && std::chrono::steady_clock::now() < deadline) {
        served_.site.publish();
        std::this_thread::yield();
      }
    }
    CHECK(served_.made >= enough);
  }

  std::string all() {
    served_.fetch("/readyz"); // behind what was published
    served_.server->stop();
    REQUIRE(answer_.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    const auto got = answer_.get();
    if (!got) FAIL(got.error().text);
    CHECK(got->content_type == "text/event-stream");
    return got->body;
  }

private:
  Served& served_;
  std::future<http::Answer> answer_;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("A page that is a moment old is answered while a new one is drawn", "[status]") {
  Served served;
  served.fetch("/?lang=nb");
  REQUIRE(served.made == 1);
  served.held = true;
  served.clock += 2 * Instant::per_second;
  CHECK(served.fetch("/?lang=nb").status == 200);
  CHECK(served.fetch("/?lang=nb").status == 200);
  CHECK(served.made == 1);
  served.held = false;
  served.fetch("/readyz"); // behind the drawing
  CHECK(served.made == 2);
  served.clock += 10 * Instant::per_second;
  served.fetch("/?lang=nb");
  CHECK(served.made == 3);
}

TEST_CASE("Listeners get the status at once and with every publishing", "[status]") {
  Served served;
  Listener listener(served, "/api/events");
  listener.after(3);
  const auto body = listener.all();
  const auto event = "event: status\ndata: " + render_json(full_model());
  CHECK(body.rfind(event.substr(0, 60), 0) == 0);
  CHECK(count(body, "event: status") >= 2);
}

TEST_CASE("An open page gets all its parts once, then those that have changed", "[status]") {
  Served served;
  Listener listener(served, "/api/events?view=page&lang=nb");
  listener.after(2);
  served.waiting = true;
  listener.after(2);
  const auto body = listener.all();
  CHECK(body.rfind("event: page\ndata: {\"title\":\"Status for migrering", 0) == 0);
  CHECK(count(body, "\"name\":\"status\"") == 2);
  CHECK(count(body, "\"name\":\"goals\"") == 1);
  CHECK(count(body, "\"name\":\"year/a3-app-instances-historic/2025\",\"v\":\"") == 1);
  CHECK_THAT(body, Contains("\"headline\":\"Venter: Dialogporten ber om ro"));
}

TEST_CASE("The page's style and script have addresses of their own", "[status]") {
  Served served;
  CHECK_THAT(served.fetch("/page.css?v=1").content_type, Contains("text/css"));
  CHECK_THAT(served.fetch("/page.js?v=1").content_type, Contains("text/javascript"));
  CHECK(served.fetch("/page.svg").content_type == "image/svg+xml");
}

TEST_CASE("A year's days come as a part of the page, and as a page of their own for readers without scripts",
          "[status]") {
  Served served;
  const std::string year = "/days?row=a3-app-instances-historic&year=2025";
  const auto part = served.fetch(year + "&part=1&lang=nb");
  CHECK_THAT(part.body, Catch::StartsWith("<div class=\"months\">") &&
                            Contains("aria-label=\"12. november 2025: Unntak, 100 elementer\">12</td>") &&
                            Contains("<th scope=\"row\">november 2025</th>"));
  CHECK_THAT(served.fetch(year).body, Catch::StartsWith("<!doctype html>") &&
                                          Contains("12 November 2025: Exception, 100 records") &&
                                          Contains("<a href=\"/?lang=en\">Back to the status</a>"));
  for (const auto* wrong :
       {"/days", "/days?row=nothing&year=2025", "/days?row=a3-app-instances-live&year=2025",
        "/days?row=a3-app-instances-historic&year=-1"})
    CHECK(served.fetch(wrong).status == 404);
}

TEST_CASE("A site that has ended answers those who ask that it has", "[status]") {
  http::IoPool pool{1};
  std::vector<http::Route> routes;
  {
    const Site site([]() -> Result<StatusModel> { return full_model(); }, [] { return now; });
    routes = site.routes();
  }
  http::ServerOptions options;
  options.listen = "127.0.0.1:0";
  const auto server = http::Server::start(pool, options, routes).value();
  const auto client = connect(pool, server->url());
  const auto answer = ask(*client, get("/"));
  REQUIRE(answer);
  CHECK(answer->status == 503);
}
