#include "control.hpp"

#include "json.hpp"
#include "orders.hpp"

#include <dialogferry/cli/settings.hpp>
#include <dialogferry/http/caller.hpp>
#include <dialogferry/model/masking.hpp>
#include <dialogferry/model/suggest.hpp>

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace dialogferry::cli {

namespace {

using http::Reply;
using http::ServerRequest;
using http::ServerResponse;
using ledger::Setting;
using Members = std::map<std::string, std::string>;

constexpr std::size_t longest_text = 2'000; ///< bytes of a note, a name or a value

// -- answers ----------------------------------------------------------------------

ServerResponse respond(int status, std::string_view type, std::string body) {
  return {status,
          std::string(type),
          std::move(body) + '\n',
          {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
}

/// RFC 9457, with the member that the problem is about.
ServerResponse refusal(int status, std::string_view title, const Problem& problem) {
  JsonObject json;
  json.text("title", title).number("status", status);
  json.text("detail", problem.member.empty() ? problem.message : problem.member + ' ' + problem.message);
  json.text("member", problem.member).text("hint", problem.hint);
  auto response = respond(status, "application/problem+json", json.take());
  if (status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

ServerResponse bad_request(const Problem& problem) {
  return refusal(400, "Bad Request", problem);
}

std::string json_of(const std::vector<Setting>& settings) {
  std::string list;
  for (const auto& setting : settings)
    list.append(list.empty() ? "" : ", ")
        .append(JsonObject()
                    .text("name", setting.name)
                    .text("value", setting.value)
                    .text("who", setting.who)
                    .text("at", dialogferry::to_string(setting.at))
                    .take());
  return "[" + list + "]";
}

/// Every key that may be set, with the value in force.
std::string values_of(const Config& config) {
  JsonObject json;
  for (const auto& name : setting_names(config))
    json.raw(name, setting_json(config, name));
  return json.take();
}

ServerResponse show(const engine::Configured& now) {
  return respond(
      200, "application/json",
      JsonObject().raw("settings", json_of(now.settings)).raw("in_force", values_of(now.in_force)).take());
}

// -- requests -----------------------------------------------------------------------

bool is_json(std::string_view content_type) {
  const auto type = content_type.substr(0, content_type.find(';'));
  return type.substr(0, type.find(' ')) == "application/json";
}

Result<std::string> text_of(std::string_view name, simdjson::dom::element value) {
  std::string text;
  if (value.is_string())
    text = std::string_view(value);
  else if (value.is_number() || value.is_bool())
    text = simdjson::minify(value);
  else
    return fail(std::string(name), "must be a text or a number");
  if (text.size() > longest_text)
    return fail(std::string(name), "is longer than " + std::to_string(longest_text) + " bytes");
  return text;
}

/// The members of a JSON object; others than those of `known` are refused.
Result<Members> read(const std::string& body, const std::vector<std::string>& known) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(body).get(object) != simdjson::SUCCESS)
    return fail("body", "is no JSON object", "such as {\"target\": \"dialogporten\"}");
  Members members;
  for (const auto& [key, value] : object) {
    const std::string name(key);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto meant = nearest(name, known);
      return fail(mask_identities(name.substr(0, 100)), "is not known",
                  meant ? "did you mean " + *meant + "?" : "");
    }
    auto text = text_of(name, value);
    if (!text) return tl::unexpected(text.error());
    members[name] = std::move(*text);
  }
  for (const auto& name : known)
    if (name != "who" && !members.contains(name)) return fail(name, "is missing");
  members.try_emplace("who", "unknown");
  members["who"] = mask_identities(members["who"]);
  return members;
}

std::vector<std::string> members_of(const std::string& verb) {
  if (verb == "pause" || verb == "resume" || verb == "reset") return {"target", "who"};
  return {"target", "value", "who"};
}

} // namespace

struct Control::State : std::enable_shared_from_this<Control::State> {
  State(engine::Engine& steered, std::vector<std::string> good, std::function<Instant()> clock)
      : engine(steered)
      , tokens(std::move(good))
      , now(std::move(clock)) {}

  std::optional<ServerResponse> refuse(const ServerRequest& request);
  void order(const std::string& verb, const ServerRequest& request, const Reply& reply);
  void note(const ServerRequest& request, const Reply& reply);
  void set(std::vector<Setting> settings, std::size_t next, const Reply& reply);

  engine::Engine& engine;
  std::mutex mutex; ///< guards the tokens
  std::vector<std::string> tokens;
  const std::function<Instant()> now;
};

/// Nothing where the request may come in.
std::optional<ServerResponse> Control::State::refuse(const ServerRequest& request) {
  constexpr std::string_view bearer = "Bearer ";
  const auto sent = request.header("Authorization");
  const auto token = sent.starts_with(bearer) ? sent.substr(bearer.size()) : std::string_view{};
  bool good = false;
  {
    const std::lock_guard lock(mutex);
    for (const auto& each : tokens)
      good = http::is_same_secret(each, token) || good;
  }
  if (!sent.empty() && !good)
    return refusal(401, "Unauthorized", {"Authorization", "is not the token of this engine", {}});
  if (good || (http::is_from_this_machine(request) && !http::may_be_of_a_foreign_page(request)))
    return std::nullopt;
  return refusal(401, "Unauthorized",
                 {"", "only this machine may ask without a token",
                  "send the token of status.control_token_file as Authorization: Bearer"});
}

void Control::State::order(const std::string& verb, const ServerRequest& request, const Reply& reply) {
  auto members = read(request.body, members_of(verb));
  if (!members) return reply(bad_request(members.error()));
  const Order order{verb, (*members)["target"], (*members)["value"], (*members)["who"]};
  auto settings = settings_of(order, engine.configured(), now());
  if (!settings) return reply(bad_request(settings.error()));
  set(std::move(*settings), 0, reply);
}

/// One after another, then tells.
void Control::State::set(std::vector<Setting> settings, std::size_t next, const Reply& reply) {
  if (next == settings.size())
    return reply(respond(200, "application/json",
                         JsonObject()
                             .raw("changed", json_of(settings))
                             .raw("in_force", values_of(engine.configured().in_force))
                             .take()));
  const auto setting = settings[next];
  engine.set(setting, [self = shared_from_this(), settings = std::move(settings), next,
                       reply](const std::optional<Problem>& problem) {
    if (problem) return reply(refusal(503, "Service Unavailable", *problem));
    self->set(settings, next + 1, reply);
  });
}

void Control::State::note(const ServerRequest& request, const Reply& reply) {
  auto members = read(request.body, {"en", "nb", "who"});
  if (!members) return reply(bad_request(members.error()));
  ledger::Note note;
  note.at = now();
  note.who = (*members)["who"];
  for (const auto* language : {"en", "nb"}) {
    auto& text = (*members)[language];
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
      return reply(bad_request({language, "must not be empty", "the page has two languages"}));
    note.text[language] = mask_identities(text);
  }
  engine.add_note(std::move(note), [reply, at = note.at](const std::optional<Problem>& problem) {
    if (problem) return reply(refusal(503, "Service Unavailable", *problem));
    reply(respond(200, "application/json", JsonObject().text("at", dialogferry::to_string(at)).take()));
  });
}

Control::Control(engine::Engine& engine, std::vector<std::string> tokens, std::function<Instant()> now)
    : state_(std::make_shared<State>(engine, std::move(tokens), std::move(now))) {}

void Control::set_tokens(std::vector<std::string> tokens) {
  const std::lock_guard lock(state_->mutex);
  state_->tokens = std::move(tokens);
}

std::vector<http::Route> Control::routes() const {
  using Act = std::function<void(const ServerRequest&, const Reply&)>;
  constexpr std::size_t places = 8;
  std::vector<http::Route> routes;
  const auto add = [&](http::Method method, const std::string& path, Act act) {
    const auto serve = [state = state_, method, act = std::move(act)](const ServerRequest& request,
                                                                      const Reply& reply) {
      if (auto refused = state->refuse(request)) return reply(std::move(*refused));
      if (method == http::Method::post && !is_json(request.header("Content-Type")))
        return reply(
            refusal(415, "Unsupported Media Type", {"Content-Type", "must be application/json", {}}));
      act(request, reply);
    };
    routes.push_back({method, "/control/" + path, serve, places});
  };
  add(http::Method::get, "settings", [state = state_](const ServerRequest&, const Reply& reply) {
    reply(show(state->engine.configured()));
  });
  for (const std::string verb : {"pause", "resume", "rate", "concurrency", "credit", "priority", "reset"})
    add(http::Method::post, verb, [state = state_, verb](const ServerRequest& request, const Reply& reply) {
      state->order(verb, request, reply);
    });
  add(http::Method::post, "note",
      [state = state_](const ServerRequest& request, const Reply& reply) { state->note(request, reply); });
  return routes;
}

} // namespace dialogferry::cli
