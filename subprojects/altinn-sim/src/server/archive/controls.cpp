#include "archive/controls.hpp"

#include "archive/orders.hpp"
#include "problem.hpp"

#include <boost/json/parse.hpp>

#include <charconv>
#include <stdexcept>

namespace altinn_sim {

namespace json = boost::json;

namespace {

json::array as_json(const std::vector<std::int64_t>& ids) {
  json::array out;
  for (const auto id : ids)
    out.emplace_back(id);
  return out;
}

json::object planted(const archive::Archive& archive, std::int64_t id) {
  const auto message = archive.find(id);
  const auto& file = message->attachments.front();
  return {{"message", id}, {"attachment", file.id}, {"size", file.size}, {"md5", file.checksum}};
}

Response obey(const archive::Archive& archive, MessageLife& life, const MessageOrders& orders) {
  json::object out;
  if (orders.stop) life.stop();
  if (orders.create > 0)
    out["messages"] = as_json(life.create(orders.create, orders.message, orders.publish_after));
  if (orders.attachment) out["attachment"] = planted(archive, life.create(1, *orders.attachment, 0).front());
  std::vector<std::int64_t> touched;
  for (const auto& [after, events] : orders.events) {
    for (const auto& each : events)
      if (!archive.find(each.message))
        return problem_answer(404, "Not found", "There is no message " + std::to_string(each.message) + ".");
    life.happen(events, after);
    for (const auto& each : events)
      touched.push_back(each.message);
  }
  if (!touched.empty()) out["events"] = as_json(touched);
  if (orders.load) life.start(*orders.load);
  return json_answer(orders.load ? 202 : 200, out);
}

Response post(const archive::Archive& archive, MessageLife& life, const Request& request) {
  try {
    boost::system::error_code error;
    const auto body = json::parse({request.body.data(), request.body.size()}, error);
    if (error) return problem_answer(400, "Bad request", "The body is no JSON: " + error.message());
    return obey(archive, life, read_message_orders(body));
  } catch (const std::invalid_argument& error) {
    return problem_answer(400, "Bad request", error.what());
  }
}

Response single(const archive::Archive& archive, std::string_view text) {
  std::int64_t id = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  const auto message = read.ec == std::errc{} ? archive.find(id) : std::nullopt;
  if (!message) return problem_answer(404, "Not found", "There is no such message.");
  std::string body;
  archive::append_json(body, *message);
  return json_answer(200,
                     json::object{{"message", json::parse(body)},
                                  {"party", message->party},
                                  {"flaw", message->flaw.name.empty() ? json::value(nullptr)
                                                                      : json::value(message->flaw.name)}});
}

Response counted(const MessageLife& life) {
  const auto counts = life.counts();
  return json_answer(200, json::object{{"running", counts.running},
                                       {"created", counts.created},
                                       {"events", counts.events},
                                       {"waiting", counts.waiting}});
}

} // namespace

void add_archive_controls(Simulator& simulator, const archive::Archive& archive, MessageLife& life) {
  constexpr std::string_view base = "/archive/";
  simulator.control("POST /archive", [&](const Request& request) { return post(archive, life, request); });
  simulator.control("GET /archive", [&](const Request&) { return counted(life); });
  simulator.control("GET /archive/", [&, base](const Request& request) {
    return single(archive, request.path.substr(base.size()));
  });
}

} // namespace altinn_sim
