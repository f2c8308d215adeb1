#include "simulator.hpp"

#include <simdjson.h>

#include <stdexcept>

namespace bench {

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

Simulator::Simulator(const History& history, const std::vector<std::string>& options)
    : history_(history)
    , process_(command_of(history, options))
    , url_(url_in(process_.line().value_or("no output")))
    , door_(url_) {}

std::string Simulator::get(const std::string& target) const {
  return door_.get(target);
}

void Simulator::post(const std::string& target, const std::string& body) const {
  door_.post(target, body);
}

Simulator::Requests Simulator::requests() const {
  const simdjson::padded_string json(get("/_sim/requests"));
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json);
  const simdjson::dom::array endpoints = root["endpoints"];
  Requests requests;
  requests.total = root["total"];
  requests.registry = root["register"];
  for (const auto endpoint : endpoints) {
    const std::string_view name = endpoint["endpoint"];
    std::uint64_t taken = 0;
    if (endpoint["status"]["2xx"].get(taken) == simdjson::SUCCESS) requests.taken.emplace(name, taken);
  }
  const auto created = requests.taken.find("POST /dialogporten/api/v1/serviceowner/dialogs");
  if (created != requests.taken.end()) requests.created = created->second;
  return requests;
}

} // namespace bench
