#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/source/webhook.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_set>

namespace dialogferry::source {

using http::Reply;
using http::ServerRequest;
using http::ServerResponse;

namespace {

// -- answers ------------------------------------------------------------------------

std::string_view title_of(int status) {
  switch (status) {
  case 400: return "Bad Request";
  case 401: return "Unauthorized";
  case 413: return "Content Too Large";
  case 415: return "Unsupported Media Type";
  case 429: return "Too Many Requests";
  default: return "Service Unavailable";
  }
}

/// RFC 9457, with the member the problem is about.
ServerResponse refusal(int status, const Problem& problem) {
  codec::JsonWriter json(256);
  json.open('{');
  json.name("\"title\":");
  json.plain(title_of(status));
  json.name("\"status\":");
  json.number(status);
  json.member("\"detail\":", problem.member + ' ' + problem.message);
  json.member("\"member\":", problem.member);
  json.close('}');
  return {status, "application/problem+json", std::move(json).take() + '\n', {}};
}

ServerResponse come_again(int status, const Problem& problem, std::chrono::seconds after) {
  auto response = refusal(status, problem);
  response.headers.push_back({"Retry-After", std::to_string(after.count())});
  return response;
}

ServerResponse accepted(std::size_t noted, std::size_t without_instance) {
  codec::JsonWriter json(64);
  json.open('{');
  json.name("\"noted\":");
  json.number(static_cast<std::int64_t>(noted));
  json.name("\"without_instance\":");
  json.number(static_cast<std::int64_t>(without_instance));
  json.close('}');
  return {200, "application/json; charset=utf-8", std::move(json).take() + '\n', {}};
}

// -- requests -----------------------------------------------------------------------

/// Takes as long for any guess of the same length.
bool same_secret(std::string_view secret, std::string_view guess) {
  if (secret.empty()) return false;
  volatile unsigned char difference = secret.size() == guess.size() ? 0 : 1;
  for (std::size_t i = 0; i < guess.size(); ++i)
    difference = difference | static_cast<unsigned char>(guess[i] ^ secret[i % secret.size()]);
  return difference == 0;
}

bool from_this_machine(const ServerRequest& request) {
  return request.from_loopback && request.header("Forwarded").empty() &&
         request.header("X-Forwarded-For").empty();
}

/// A secret that is given must be right; from outside it must be given.
bool let_in(const ServerRequest& request, std::string_view secret) {
  const auto code = request.parameter("code");
  return code ? same_secret(secret, *code) : from_this_machine(request);
}

bool is_json(std::string_view content_type) {
  constexpr std::array<std::string_view, 3> known = {"application/json", "application/cloudevents+json",
                                                     "application/cloudevents-batch+json"};
  auto type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.back() == ' ')
    type.remove_suffix(1);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::any_of(known.begin(), known.end(), [&](std::string_view one) {
    return std::equal(type.begin(), type.end(), one.begin(), one.end(),
                      [&](char a, char b) { return lower(a) == b; });
  });
}

/// What a request holds.
struct Batch {
  std::vector<std::string> records; ///< each once
  std::size_t named = 0;            ///< events that name one of them
  std::size_t without_instance = 0;
  std::size_t validations = 0;

  explicit Batch(std::vector<codec::CloudEvent> events) {
    std::unordered_set<std::string> seen;
    for (auto& event : events) {
      without_instance += event.record_id ? 0 : 1;
      validations += event.validates_subscription() ? 1 : 0;
      if (!event.record_id) continue;
      ++named;
      if (seen.insert(*event.record_id).second) records.push_back(std::move(*event.record_id));
    }
  }
};

} // namespace

// -- state --------------------------------------------------------------------------

struct Webhook::State : std::enable_shared_from_this<Webhook::State> {
  State(WebhookOptions how, Note where, Waiting how_many)
      : options(std::move(how))
      , note(std::move(where))
      , waiting(std::move(how_many)) {}

  void serve(const ServerRequest& request, const Reply& reply);
  void take_in(Batch batch, const Reply& reply);

  void count(std::uint64_t EventsProgress::*which, std::uint64_t by = 1) {
    const std::lock_guard lock(mutex);
    intake.*which += by;
  }

  void refuse(const Reply& reply, std::uint64_t EventsProgress::*why, int status, const Problem& problem) {
    count(why);
    reply(refusal(status, problem));
  }

  std::mutex mutex; ///< guards the secret and the counts
  WebhookOptions options;
  const Note note;
  const Waiting waiting;
  EventsProgress intake;
};

namespace {

/// Places of records on their way to the ledger, given back when nobody is to tell of them any more.
class Places {
public:
  /// Null where there are not enough.
  static std::shared_ptr<Places> take(const std::shared_ptr<Webhook::State>& state, std::size_t records) {
    const std::lock_guard lock(state->mutex);
    if (state->intake.under_way + records > state->options.most_under_way) return nullptr;
    state->intake.under_way += records;
    return std::make_shared<Places>(state, records);
  }

  Places(std::shared_ptr<Webhook::State> state, std::size_t records)
      : state_(std::move(state))
      , records_(records) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places() {
    const std::lock_guard lock(state_->mutex);
    state_->intake.under_way -= records_;
  }

private:
  std::shared_ptr<Webhook::State> state_;
  std::size_t records_;
};

} // namespace

void Webhook::State::serve(const ServerRequest& request, const Reply& reply) {
  const auto secret = [this] {
    const std::lock_guard lock(mutex);
    return options.secret;
  }();
  if (!let_in(request, secret))
    return refuse(reply, &EventsProgress::refused_secret, 401,
                  {"code", "is not the secret of this endpoint", {}});
  if (!is_json(request.header("Content-Type")))
    return refuse(reply, &EventsProgress::refused_type, 415,
                  {"Content-Type", "must be application/json or application/cloudevents+json", {}});
  codec::Parser parser;
  const codec::Document body(request.body);
  auto events = codec::read_cloud_events(parser, body.view());
  if (!events) return refuse(reply, &EventsProgress::refused_invalid, 400, events.error());
  Batch batch(std::move(*events));
  if (batch.records.size() > options.most_under_way)
    return refuse(reply, &EventsProgress::refused_too_many, 413,
                  {"body", "names more than " + std::to_string(options.most_under_way) + " instances", {}});
  count(&EventsProgress::without_instance, batch.without_instance);
  count(&EventsProgress::validations, batch.validations);
  if (batch.records.empty()) return reply(accepted(0, batch.without_instance));
  take_in(std::move(batch), reply);
}

/// Hands the records over; the answer follows when the ledger has them.
void Webhook::State::take_in(Batch batch, const Reply& reply) {
  const auto shed = [&](int status, std::string message) {
    count(&EventsProgress::shed, batch.named);
    reply(come_again(status, {"events", std::move(message), {}}, options.retry_after));
  };
  const auto records = batch.records.size();
  if (waiting() + records > options.most_waiting) return shed(503, "wait in too great a number already");
  auto places = Places::take(shared_from_this(), records);
  if (!places) return shed(429, "come faster than they can be noted");
  note(std::move(batch.records),
       [state = shared_from_this(), reply, records, places = std::move(places), named = batch.named,
        without_instance = batch.without_instance](const std::optional<Problem>& problem) mutable {
         places.reset();
         if (problem) {
           state->count(&EventsProgress::failed, named);
           return reply(come_again(503, *problem, state->options.retry_after));
         }
         state->count(&EventsProgress::noted, named);
         state->count(&EventsProgress::joined, named - records);
         reply(accepted(named, without_instance));
       });
}

// -- the door -------------------------------------------------------------------------

Webhook::Webhook(WebhookOptions options, Note note, Waiting waiting)
    : state_(std::make_shared<State>(std::move(options), std::move(note), std::move(waiting))) {}

void Webhook::set_secret(std::string secret) {
  const std::lock_guard lock(state_->mutex);
  state_->options.secret = std::move(secret);
}

EventsProgress Webhook::intake() const {
  const std::lock_guard lock(state_->mutex);
  return state_->intake;
}

http::Route Webhook::route() const {
  return {http::Method::post, "/events", [state = state_](const ServerRequest& request, const Reply& reply) {
            state->serve(request, reply);
          }};
}

} // namespace dialogferry::source
