#include "demo_platform.hpp"

#include <dialogferry/http/client.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <filesystem>
#include <future>

namespace dialogferry::cli {

namespace {

namespace fs = std::filesystem;

/// Beside the program, or where the build leaves it.
std::string simulator_path(const std::string& executable) {
  const auto folder = fs::path(executable).parent_path();
  const auto built = folder / "subprojects" / "altinn-sim" / "altinn-sim";
  std::error_code error;
  return (fs::exists(built, error) ? built : folder / "altinn-sim").string();
}

/// One request, waiting for its answer: a POST where there is a body.
Result<std::string> ask(const std::string& base_url, std::string target, std::string body = {}) {
  http::IoPool pool(1);
  http::ClientOptions options;
  options.name = "altinn-sim";
  options.base_url = base_url;
  options.connections = 1;
  options.timeout = std::chrono::minutes{1};
  const auto client = http::Client::create(pool, std::move(options));
  if (!client) return tl::unexpected(client.error());
  auto request = std::make_shared<http::Request>();
  request->target = std::move(target);
  if (!body.empty()) {
    request->method = http::Method::post;
    request->content_type = "application/json";
    request->body = std::move(body);
  }
  std::promise<http::Answer> promise;
  (*client)->send(request, [&](http::Answer answer) { promise.set_value(std::move(answer)); });
  auto answer = promise.get_future().get();
  if (!answer) return fail(base_url + request->target, answer.error().text);
  if (answer->status / 100 != 2)
    return fail(base_url + request->target, fmt::format("answers {}: {}", answer->status, answer->body));
  return std::move(answer->body);
}

Result<void> ignore(Result<std::string> answer) {
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

} // namespace

Result<DemoPlatform> DemoPlatform::start(const std::string& executable, const DemoOptions& options) {
  const auto first = Day{options.cutover.number - static_cast<std::int32_t>(options.days) + 1};
  const auto days =
      fmt::format("{}..{}", dialogferry::to_string(first), dialogferry::to_string(options.cutover));
  std::vector<std::string> arguments = {"--seed",
                                        std::to_string(options.seed),
                                        "--days",
                                        days,
                                        "--per-day",
                                        std::to_string(options.per_day),
                                        "--forms-per-day",
                                        std::to_string(options.forms_per_day),
                                        "--forms-days",
                                        days,
                                        "--messages-per-day",
                                        std::to_string(options.messages_per_day),
                                        "--messages-days",
                                        days};
  if (!options.fixtures.empty()) arguments.insert(arguments.end(), {"--fixtures", options.fixtures});
  auto child = Child::start(simulator_path(executable), arguments);
  if (!child) return tl::unexpected(child.error());
  DemoPlatform platform(std::move(*child));
  const auto line = platform.child_.first_line(std::chrono::seconds{30});
  if (!line) return tl::unexpected(line.error());
  const auto colon = line->rfind(':');
  if (colon == std::string::npos)
    return fail("altinn-sim", fmt::format("said \"{}\" instead of its port", *line));
  platform.base_url_ = "http://127.0.0.1" + line->substr(colon);
  return platform;
}

Result<void> DemoPlatform::start_changes(const DemoOptions& options, const std::string& engine) {
  if (options.forms_per_day > 0) {
    const auto forms = fmt::format(
        R"({{"organisation":"skd","version":2,"archived":true,"complete":false,"complete_after":6,"rate":2,"seconds":{}}})",
        options.live_seconds);
    if (auto imported = ignore(ask(base_url_, "/_sim/forms", forms)); !imported) return imported;
  }
  if (options.messages_per_day > 0) {
    const auto messages = fmt::format(
        R"({{"rate":{},"seconds":{},"seed":{},"history":0.3,"bursts":0.1,"publish_after_ms":[0,2000],)"
        R"("mix":{{"create":6,"read":4,"confirm":1,"archive":1,"bin":1,"restore":1,"notify":1,"forward":1}}}})",
        options.messages_rate, options.live_seconds, options.seed);
    if (auto begun = ignore(ask(base_url_, "/_sim/archive", messages)); !begun) return begun;
    const auto others = fmt::format(
        R"({{"deliver_to":"{}/events","changes":[{{"kind":"a3_create","count":40,"confirmation":true}},)"
        R"({{"kind":"a3_create","count":10,"without_dialog":true}},{{"kind":"direct","organisation":"skd"}}]}})",
        engine);
    if (auto made = ignore(ask(base_url_, "/_sim/emit", others)); !made) return made;
  }
  const auto load =
      fmt::format(R"({{"deliver_to":"{}/events","rate":{},"seconds":{},"seed":{},"without_event":0.05,)"
                  R"("duplicates":0.1,"reorder":0.1,"bursts":0.1}})",
                  engine, options.live_rate, options.live_seconds, options.seed);
  return ignore(ask(base_url_, "/_sim/emit", load));
}

Result<LiveChanges> DemoPlatform::changes() const {
  const auto answer = ask(base_url_, "/_sim/emit");
  if (!answer) return tl::unexpected(answer.error());
  try {
    simdjson::dom::parser parser;
    const simdjson::dom::element told = parser.parse(*answer);
    LiveChanges live;
    live.over = !bool(told["running"]) && std::uint64_t(told["pending"]) == 0;
    live.changes = std::uint64_t(told["changes"]);
    live.p50_ms = double(told["latency"]["p50_ms"]);
    live.p99_ms = double(told["latency"]["p99_ms"]);
    return live;
  } catch (const simdjson::simdjson_error& error) {
    return fail("/_sim/emit", fmt::format("does not tell how far it is: {}", error.what()));
  }
}

Result<std::string> DemoPlatform::audit() const {
  return ask(base_url_, "/_sim/audit");
}

} // namespace dialogferry::cli
