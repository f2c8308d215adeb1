#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/source/webhook.hpp>

#include <algorithm>

namespace dialogferry::source {

using http::ServerRequest;
using http::ServerResponse;

struct Webhook::State {
  explicit State(WebhookSetup with)
      : setup(std::move(with)) {}

  WebhookSetup setup;
  std::mutex mutex; ///< of the secret and the parser
  codec::Parser parser;
  std::atomic<std::size_t> waiting{0};
};

namespace {

/// Takes as long for a wrong text as for the right one.
bool same_secret(std::string_view given, std::string_view secret) {
  unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < secret.size(); ++i)
    difference |= static_cast<unsigned char>(secret[i] ^ (i < given.size() ? given[i] : '\0'));
  return difference == 0;
}

/// Who knows the secret may send; without it only loopback may, and a wrong one never.
bool may_send(const ServerRequest& request, std::string_view secret) {
  const auto code = request.parameter("code");
  if (!code) return request.from_loopback;
  return !secret.empty() && same_secret(*code, secret);
}

bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.back() == ' ')
    type.remove_suffix(1);
  return type == "application/json" || type == "application/cloudevents+json" ||
         type == "application/cloudevents-batch+json";
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  out += '"';
}

ServerResponse problem(int status, std::string_view title, const Problem& about) {
  ServerResponse response;
  response.status = status;
  response.content_type = "application/problem+json; charset=utf-8";
  response.body = R"({"title":)";
  append_quoted(response.body, title);
  response.body += R"(,"status":)" + std::to_string(status) + R"(,"errors":{)";
  append_quoted(response.body, about.member);
  response.body += ":[";
  append_quoted(response.body, about.message);
  response.body += "]}}";
  return response;
}

ServerResponse again(int status, const Problem& about, const char* seconds) {
  auto response = problem(status, "Send it again later.", about);
  response.headers.push_back({"Retry-After", seconds});
  return response;
}

/// Each record once: a batch may tell of the same one several times.
std::vector<std::string> records_of(const std::vector<codec::CloudEvent>& events) {
  std::vector<std::string> records;
  for (const auto& event : events)
    if (!event.is_validation() && !event.record_id.empty()) records.push_back(event.record_id);
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return records;
}

} // namespace

Webhook::Webhook(WebhookSetup setup)
    : state_(std::make_shared<State>(std::move(setup))) {}

void Webhook::set_secret(std::string secret) {
  const std::lock_guard lock(state_->mutex);
  state_->setup.secret = std::move(secret);
}

http::Route Webhook::route() const {
  const auto take = [state = state_](const ServerRequest& request, const http::Reply& reply) {
    auto& counts = *state->setup.counts;
    const auto refuse = [&](ServerResponse response) {
      ++counts.refused;
      reply(std::move(response));
    };
    std::unique_lock lock(state->mutex);
    if (!may_send(request, state->setup.secret))
      return refuse(problem(401, "Not allowed to send events.", {"code", "is missing or wrong", {}}));
    if (!is_json(request.header("Content-Type")))
      return refuse(problem(415, "Not a CloudEvent.", {"Content-Type", "must be application/json", {}}));
    const auto events = codec::read_cloud_events(state->parser, request.body);
    lock.unlock();
    if (!events) return refuse(problem(400, "Not a CloudEvent.", events.error()));

    auto records = records_of(*events);
    const auto named = records.size();
    counts.without_instance += static_cast<std::uint64_t>(
        std::count_if(events->begin(), events->end(), [](const codec::CloudEvent& event) {
          return event.is_validation() || event.record_id.empty();
        }));
    if (named == 0) return reply({});
    if (state->waiting.fetch_add(named) + named > state->setup.most_waiting) {
      state->waiting -= named;
      counts.shed += named;
      return reply(again(429, {"events", "too many wait to be noted", {}}, "1"));
    }
    state->setup.note(std::move(records), [state, reply, named](const std::optional<Problem>& failed) {
      state->waiting -= named;
      if (failed) {
        state->setup.counts->shed += named;
        return reply(again(503, *failed, "5"));
      }
      state->setup.counts->noted += named;
      reply({});
    });
  };
  return {http::Method::post, "/events", take};
}

} // namespace dialogferry::source
