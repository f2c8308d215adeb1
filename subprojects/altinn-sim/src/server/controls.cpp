#include "controls.hpp"

#include "problem.hpp"

#include <boost/json/parse.hpp>

#include <stdexcept>

namespace altinn_sim {

namespace json = boost::json;

namespace {

constexpr std::string_view rules_base = "/faults/rules/";

Response no_content() {
  return {204, {}, {}, {}};
}

/// Answers 400 with the reason where the body cannot be read.
template <class Use>
Response with_body(const Request& request, Use use) {
  try {
    boost::system::error_code error;
    auto body = json::parse({request.body.data(), request.body.size()}, error);
    if (error) return problem_answer(400, "Bad request", "The body is no JSON: " + error.message());
    return use(body);
  } catch (const std::invalid_argument& error) {
    return problem_answer(400, "Bad request", error.what());
  }
}

Response replace_faults(Faults& faults, const Request& request) {
  return with_body(request, [&](const json::value& body) {
    faults.replace(read_fault_plan(body));
    return no_content();
  });
}

Response put_rule(Faults& faults, const Request& request) {
  return with_body(request, [&](const json::value& body) {
    auto rule = read_fault_rule(body);
    rule.name = request.path.substr(rules_base.size());
    faults.put_rule(std::move(rule));
    return no_content();
  });
}

Response remove_rule(Faults& faults, const Request& request) {
  if (faults.remove_rule(request.path.substr(rules_base.size()))) return no_content();
  return problem_answer(404, "Not found", "There is no rule of this name.");
}

} // namespace

void add_controls(Simulator& simulator) {
  auto& log = simulator.log();
  auto& faults = simulator.faults();
  simulator.control("GET /health", [](const Request&) { return json_answer(200, {{"status", "healthy"}}); });
  simulator.control("GET /requests", [&](const Request&) { return json_answer(200, log.as_json()); });
  simulator.control("POST /requests/reset", [&](const Request&) {
    log.reset();
    return no_content();
  });
  simulator.control("GET /faults", [&](const Request&) { return json_answer(200, faults.as_json()); });
  simulator.control("POST /faults", [&](const Request& request) { return replace_faults(faults, request); });
  simulator.control("PUT /faults/rules/", [&](const Request& request) { return put_rule(faults, request); });
  simulator.control("DELETE /faults/rules/",
                    [&](const Request& request) { return remove_rule(faults, request); });
}

} // namespace altinn_sim
