#include "simulator.hpp"

#include <dialogferry/http/client.hpp>

#include <simdjson.h>

#include <future>
#include <stdexcept>

namespace bench {

namespace http = dialogferry::http;

namespace {

std::vector<std::string> command_of(const History& history, const std::vector<std::string>& options) {
  std::vector<std::string> command{SIMULATOR,
                                   "--threads",
                                   "1",
                                   "--port",
                                   "0",
                                   "--days",
                                   to_string(history.first()) + ".." + to_string(History::last),
                                   "--per-day",
                                   std::to_string(history.per_day),
                                   "--organisations",
                                   "1"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

std::string url_in(const std::string& line) {
  constexpr std::string_view before = "listening on ";
  if (line.rfind(before, 0) != 0) throw std::runtime_error("the simulator does not start: " + line);
  return "http://" + line.substr(before.size());
}

} // namespace

/// The way to its controls.
struct Simulator::Door {
  explicit Door(const std::string& url)
      : pool(1) {
    http::ClientOptions options;
    options.base_url = url;
    options.connections = 1;
    client = std::move(http::Client::create(pool, std::move(options)).value());
  }

  std::string ask(http::Request request) {
    std::promise<http::Answer> promise;
    client->send(std::make_shared<const http::Request>(std::move(request)),
                 [&](http::Answer answer) { promise.set_value(std::move(answer)); });
    auto answer = promise.get_future().get();
    if (!answer) throw std::runtime_error("the simulator does not answer: " + answer.error().text);
    if (answer->status >= 300) throw std::runtime_error("the simulator refuses: " + answer->body);
    return std::move(answer->body);
  }

  http::IoPool pool;
  std::unique_ptr<http::Client> client;
};

Simulator::Simulator(const History& history, const std::vector<std::string>& options)
    : history_(history)
    , process_(command_of(history, options))
    , url_(url_in(process_.line().value_or("no output")))
    , door_(std::make_unique<Door>(url_)) {}

Simulator::~Simulator() = default;

std::string Simulator::get(const std::string& target) const {
  http::Request request;
  request.target = target;
  return door_->ask(std::move(request));
}

void Simulator::post(const std::string& target, const std::string& body) const {
  http::Request request;
  request.method = http::Method::post;
  request.target = target;
  request.body = body;
  request.content_type = "application/json";
  door_->ask(std::move(request));
}

Simulator::Requests Simulator::requests() const {
  const simdjson::padded_string json(get("/_sim/requests"));
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json);
  const simdjson::dom::array endpoints = root["endpoints"];
  Requests requests;
  requests.total = root["total"];
  requests.registry = root["register"];
  for (const auto endpoint : endpoints)
    if (std::string_view(endpoint["endpoint"]) == "POST /dialogporten/api/v1/serviceowner/dialogs")
      requests.created = endpoint["status"]["2xx"];
  return requests;
}

} // namespace bench
