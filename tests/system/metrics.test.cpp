#include "asked.hpp"
#include "live_ferry.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <yaml-cpp/yaml.h>

using namespace dialogferry;
using namespace dialogferry::system;
using Catch::Contains;

namespace {

const std::string alerts = SOURCE_ROOT "/packaging/prometheus/alerts.yml";
const std::string dashboard = SOURCE_ROOT "/packaging/grafana/dialogferry.json";

std::uint16_t free_port() {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

/// What a program says, and how it ends; its words must hold no quote.
Ran shell(const Scratch& folder, const std::string& command) {
  const auto all = fmt::format("{} >{} 2>&1", command, folder.path("said"));
  const int status = std::system(all.c_str());
  return {WEXITSTATUS(status), contents(folder.path("said")), {}};
}

/// The expressions that the dashboard's panels ask.
std::vector<std::string> dashboard_queries() {
  std::vector<std::string> queries;
  const auto board = json::parse(contents(dashboard));
  for (const auto& panel : board.at("panels").as_array()) {
    const auto* targets = panel.as_object().if_contains("targets");
    if (targets == nullptr) continue;
    for (const auto& target : targets->as_array())
      queries.emplace_back(target.at("expr").as_string());
  }
  return queries;
}

std::vector<std::string> alert_queries() {
  std::vector<std::string> queries;
  const auto file = YAML::LoadFile(alerts);
  for (const auto& rule : file["groups"][0]["rules"])
    queries.push_back(rule["expr"].as<std::string>());
  return queries;
}

std::set<std::string> names_in(const std::string& query) {
  static const std::regex name("dialogferry_[a-z_]+");
  return {std::sregex_token_iterator(query.begin(), query.end(), name), std::sregex_token_iterator()};
}

/// A run that has something of everything to tell: goals, a deferred record, events, exceptions.
struct Watched {
  Watched()
      : ferry(platform, {"2025-10-01", "2025-10-02"},
              "[[goals]]\nname = { en = \"All\" }\nrows = [\"a3-app-instances-historic\"]\n"
              "from = 2025-10-01\ndeadline = 2030-01-01\n") {
    ferry.start();
    REQUIRE(ferry.eventually([&] {
      return ferry.row(row).at("days").at("complete").to_number<int>() +
                 ferry.row(row).at("days").at("parked").to_number<int>() ==
             2;
    }));
    ask(ferry.url(), {.method = "POST", .target = "/control/pause", .body = R"({"target": "storage"})"});
    REQUIRE(ferry.eventually([&] { return metrics().find("code=\"operator\"") != std::string::npos; }));
  }

  std::string metrics() const { return ask(ferry.url(), {.target = "/metrics"}).body; }

  Platform platform{{"--seed", "5", "--days", "2025-10-01..2025-10-02", "--per-day", "50", "--threads", "1"}};
  LiveFerry ferry;
};

/// Prometheus of Debian over one engine, on loopback.
class Prometheus {
public:
  Prometheus(const Scratch& folder, const std::string& engine)
      : url_(fmt::format("http://127.0.0.1:{}", free_port()))
      , process_("/usr/bin/prometheus",
                 {"--config.file=" + write_config(folder, engine),
                  "--storage.tsdb.path=" + folder.path("tsdb"), "--web.listen-address=" + url_.substr(7),
                  "--log.level=warn"},
                 {folder.path("prometheus.out"), folder.path("prometheus.err")}) {}

  /// How many series a query finds; nothing where Prometheus does not take it.
  std::optional<std::size_t> series(const std::string& query) const {
    try {
      const auto answer = ask(url_, {.target = "/api/v1/query?query=" + encoded(query)});
      if (answer.status != 200) return std::nullopt;
      return json::parse(answer.body).at("data").at("result").as_array().size();
    } catch (const boost::system::system_error&) {
      return std::nullopt;
    }
  }

private:
  static std::string write_config(const Scratch& folder, const std::string& engine) {
    return folder.write("prometheus.yml", fmt::format(R"(global:
  scrape_interval: 1s
scrape_configs:
  - job_name: dialogferry
    static_configs:
      - targets: ["{}"]
rule_files: ["{}"]
)",
                                                      engine.substr(7), alerts));
  }
  static std::string encoded(const std::string& text) {
    std::string out;
    for (const unsigned char c : text)
      out += std::isalnum(c) != 0 ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    return out;
  }

  std::string url_;
  Process process_;
};

} // namespace

TEST_CASE("promtool is content with the metrics of an engine at work", "[system][metrics]") {
  const Watched engine;
  const Scratch folder;
  const auto file = folder.write("metrics", engine.metrics());
  const auto checked = shell(folder, "promtool check metrics <" + file);
  INFO(checked.out);
  CHECK(checked.exit == 0);
  CHECK(checked.out.empty());
  CHECK_THAT(
      engine.metrics(),
      Contains("dialogferry_api_requests_total{api=\"dialogporten\",outcome=\"success\"} ") &&
          Contains(
              "dialogferry_api_request_duration_seconds_bucket{api=\"storage\",kind=\"read\",le=\"+Inf\"}") &&
          Contains("dialogferry_ledger_commit_duration_seconds_count ") && !Contains("nan") &&
          !Contains("NaN"));
}

TEST_CASE("Every request is counted once, by API", "[system][metrics]") {
  Watched engine;
  const auto text = engine.metrics();
  const std::regex line("dialogferry_api_requests_total\\{api=\"dialogporten\",outcome=\"[a-z]+\"\\} (\\d+)");
  std::uint64_t sum = 0;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), line); it != std::sregex_iterator(); ++it)
    sum += std::stoull((*it)[1]);
  CHECK(sum == engine.platform.requests("dialogporten"));
}

TEST_CASE("promtool is content with the alert rules, and each names a section of the operations guide",
          "[system][metrics]") {
  const Scratch folder;
  const auto checked = shell(folder, "promtool check rules " + alerts);
  INFO(checked.out);
  CHECK(checked.exit == 0);
  for (const auto& rule : YAML::LoadFile(alerts)["groups"][0]["rules"])
    CHECK_THAT(rule["annotations"]["runbook"].as<std::string>(), Catch::StartsWith("docs/operations.md#"));
}

TEST_CASE("A real Prometheus scrapes an engine, takes every query of the dashboard and the alerts, and knows "
          "every metric they name",
          "[system][metrics]") {
  Watched engine;
  const Scratch folder;
  const Prometheus prometheus(folder, engine.ferry.url());
  REQUIRE(engine.ferry.eventually([&] { return prometheus.series("dialogferry_info").value_or(0) == 1; }));
  auto queries = dashboard_queries();
  for (auto& query : queries)
    query = std::regex_replace(query, std::regex("\\$instance"), ".*");
  const auto asked = alert_queries();
  queries.insert(queries.end(), asked.begin(), asked.end());
  const auto text = engine.metrics();
  for (const auto& query : queries) {
    INFO(query);
    CHECK(prometheus.series(query).has_value());
    for (const auto& name : names_in(query)) {
      const auto family = std::regex_replace(name, std::regex("_bucket$"), "");
      INFO(name);
      CHECK_THAT(text, Contains("# TYPE " + family + " "));
    }
  }
  // What must be there of a run like this one, by the dashboard's own queries.
  std::size_t answered = 0;
  for (const auto& query : dashboard_queries())
    if (prometheus.series(std::regex_replace(query, std::regex("\\$instance"), ".*")).value_or(0) > 0)
      ++answered;
  CHECK(answered >= dashboard_queries().size() / 2);
}
