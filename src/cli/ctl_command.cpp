#include "json.hpp"
#include "orders.hpp"
#include "secret_file.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/http/client.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <future>
#include <ostream>

namespace dialogferry::cli {

namespace {

constexpr std::chrono::seconds patience{15}; ///< for the ledger to have it

/// `http://127.0.0.1:8080` of `status.listen`; an engine that listens everywhere listens here, too.
std::string url_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  const auto host = listen.substr(0, colon);
  const bool everywhere = host == "0.0.0.0" || host == "[::]" || host.empty();
  return fmt::format("http://{}{}", everywhere ? "127.0.0.1" : host, listen.substr(colon));
}

http::Request request_of(const CtlOptions& options, const std::vector<std::string>& tokens) {
  http::Request request;
  request.target = options.verb == "show" ? "/control/settings" : "/control/" + options.verb;
  if (!tokens.empty()) request.headers.push_back({"Authorization", "Bearer " + tokens.front()});
  if (options.verb == "show") return request;
  JsonObject body;
  if (options.verb == "note") {
    body.text("en", options.en).text("nb", options.nb);
  } else {
    body.text("target", options.target);
    if (!options.value.empty()) body.text("value", options.value);
  }
  request.method = http::Method::post;
  request.content_type = "application/json";
  request.body = body.text("who", options.who).take();
  return request;
}

Result<http::Response> ask(const std::string& url, http::Request request) {
  http::IoPool pool(1);
  http::ClientOptions options;
  options.name = "status.listen";
  options.base_url = url;
  options.connections = 1;
  options.timeout = patience;
  auto client = http::Client::create(pool, std::move(options));
  if (!client) return tl::unexpected(client.error());
  auto promise = std::make_shared<std::promise<http::Answer>>();
  auto answered = promise->get_future();
  (*client)->send(std::make_shared<const http::Request>(std::move(request)),
                  [promise](http::Answer answer) { promise->set_value(std::move(answer)); });
  auto answer = answered.get();
  if (answer) return std::move(*answer);
  return fail("", fmt::format("no engine answers at {}: {}", url, answer.error().text),
              "start it with `dialogferry run`; where status.listen has port 0, give its address with --url");
}

/// Of `application/problem+json`.
Problem problem_of(const http::Response& response) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const bool is_object = parser.parse(response.body).get(object) == simdjson::SUCCESS;
  const auto text_of = [&](std::string_view name) {
    std::string_view text;
    return is_object && object[name].get(text) == simdjson::SUCCESS ? text : std::string_view{};
  };
  const auto detail = text_of("detail");
  if (detail.empty())
    return {"", fmt::format("the engine answers {}", response.status),
            "is it another program that listens there?"};
  return {"", std::string(detail), std::string(text_of("hint"))};
}

void print_settings(std::ostream& out, simdjson::dom::object answer) {
  const simdjson::dom::array settings = answer["settings"];
  for (const auto& [key, value] : simdjson::dom::object(answer["in_force"])) {
    out << fmt::format("{:<52} {:>8}", key, simdjson::to_string(value));
    for (const auto setting : settings)
      if (std::string_view(setting["name"]) == key)
        out << fmt::format("  {}, {}", std::string_view(setting["who"]), std::string_view(setting["at"]));
    out << '\n';
  }
}

void print_changes(std::ostream& out, simdjson::dom::object answer) {
  const simdjson::dom::array changed = answer["changed"];
  if (changed.size() == 0) out << "nothing to change: it is so already\n";
  const simdjson::dom::object in_force = answer["in_force"];
  for (const auto setting : changed) {
    const std::string_view name = setting["name"];
    simdjson::dom::element value;
    const bool known = in_force.at_key(name).get(value) == simdjson::SUCCESS;
    const bool taken_back = std::string_view(setting["value"]).empty();
    out << fmt::format("{} = {}{}\n", name, known ? simdjson::to_string(value) : "–",
                       taken_back ? ", as configured" : "");
  }
}

void print(const Console& console, const CtlOptions& options, const std::string& body) {
  if (options.json) {
    console.out << body;
    return;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::object answer = parser.parse(body);
  if (options.verb == "show") return print_settings(console.out, answer);
  if (options.verb != "note") return print_changes(console.out, answer);
  console.out << "the note is on the page\n";
}

} // namespace

Exit ctl(const Console& console, const CtlOptions& options) {
  const auto loaded = load_or_explain(console, options.config);
  if (!loaded) return usage;
  const auto& status = loaded->config.status;
  const auto tokens = read_secrets(status.control_token_file, control_token_key);
  if (!tokens) return console.error(tokens.error()), usage;
  const auto answer =
      ask(options.url.empty() ? url_of(status.listen) : options.url, request_of(options, *tokens));
  if (!answer) return console.error(answer.error()), failed;
  if (answer->status != 200)
    return console.error(problem_of(*answer)), answer->status == 400 ? usage : failed;
  try {
    print(console, options, answer->body);
  } catch (const simdjson::simdjson_error&) {
    console.error("the answer is none of an engine's", "is it another program that listens there?");
    return failed;
  }
  return done;
}

} // namespace dialogferry::cli
