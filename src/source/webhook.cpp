#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/http/caller.hpp>
#include <dialogferry/http/url.hpp>
#include <dialogferry/source/webhook.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <utility>

namespace dialogferry::source {

using http::is_from_this_machine;
using http::is_same_secret;
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

void write_problem(codec::JsonWriter& json, const Problem& problem) {
  json.member("\"detail\":", problem.member + ' ' + problem.message);
  json.member("\"member\":", problem.member);
  if (!problem.hint.empty()) json.member("\"hint\":", problem.hint);
}

void write_count(codec::JsonWriter& json, std::string_view name, std::size_t count) {
  json.name(name);
  json.number(static_cast<std::int64_t>(count));
}

/// RFC 9457, with the member the problem is about; `more` adds members of its own.
ServerResponse refusal(int status, const Problem& problem,
                       const std::function<void(codec::JsonWriter&)>& more = {}) {
  codec::JsonWriter json(256);
  json.open('{');
  json.name("\"title\":");
  json.plain(title_of(status));
  json.name("\"status\":");
  json.number(status);
  write_problem(json, problem);
  if (more) more(json);
  json.close('}');
  return {status, "application/problem+json", std::move(json).take() + '\n', {}};
}

ServerResponse come_again(int status, const Problem& problem, std::chrono::seconds after) {
  auto response = refusal(status, problem);
  response.headers.push_back({"Retry-After", std::to_string(after.count())});
  return response;
}

/// What became of the good events of a batch.
struct Taken {
  std::size_t noted = 0;
  std::size_t without_instance = 0;
  std::size_t broken = 0;
  std::vector<Problem> problems; ///< of the first broken entries

  void write(codec::JsonWriter& json) const {
    write_count(json, "\"noted\":", noted);
    write_count(json, "\"without_instance\":", without_instance);
  }
};

ServerResponse accepted(const Taken& taken) {
  codec::JsonWriter json(64);
  json.open('{');
  taken.write(json);
  json.close('}');
  return {200, "application/json; charset=utf-8", std::move(json).take() + '\n', {}};
}

/// 400 rather than 200 though the good ones are noted: 200 says that all of them are, and who sends what can
/// never be read ought to hear of it. Sent again, the good ones join what is noted of their records.
ServerResponse partly(const Taken& taken) {
  return refusal(400, taken.problems.front(), [&](codec::JsonWriter& json) {
    taken.write(json);
    write_count(json, "\"refused\":", taken.broken);
    json.name("\"problems\":");
    json.open('[');
    for (const auto& problem : taken.problems) {
      json.comma();
      json.open('{');
      write_problem(json, problem);
      json.close('}');
    }
    json.close(']');
  });
}

ServerResponse answer(const Taken& taken) {
  return taken.broken == 0 ? accepted(taken) : partly(taken);
}

// -- requests -----------------------------------------------------------------------

bool same_ignoring_case(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// A `+` in a secret comes as it is, since Altinn Events sends the query as it was given (observed.md OE-2),
/// or as a blank's or its own code: the value counts as sent and decoded. Takes as long whichever secret it
/// is.
bool let_in(const ServerRequest& request, const std::vector<std::string>& secrets) {
  const auto sent = request.raw_parameter("code");
  if (secrets.empty()) return !sent && is_from_this_machine(request);
  if (!sent) return false;
  const auto plain = http::percent_decode(*sent).value_or(std::string());
  const auto form = http::percent_decode(*sent, true).value_or(std::string());
  bool good = false;
  for (const auto& secret : secrets) {
    good = is_same_secret(secret, *sent) || good;
    good = is_same_secret(secret, plain) || good;
    good = is_same_secret(secret, form) || good;
  }
  return good;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// Whether every type that is named is one of ours: what two hands have set comes as `a,a` (observed.md
/// OR-11).
bool is_json(std::string_view content_type) {
  constexpr std::array<std::string_view, 3> known = {"application/json", "application/cloudevents+json",
                                                     "application/cloudevents-batch+json"};
  bool any = false;
  while (!content_type.empty()) {
    const auto one = content_type.substr(0, content_type.find(','));
    content_type.remove_prefix(std::min(one.size() + 1, content_type.size()));
    const auto type = trimmed(one.substr(0, one.find(';')));
    any = std::any_of(known.begin(), known.end(),
                      [&](std::string_view name) { return same_ignoring_case(type, name); });
    if (!any) return false;
  }
  return any;
}

bool is_structured(std::string_view content_type) {
  constexpr std::string_view prefix = "application/cloudevents";
  return same_ignoring_case(content_type.substr(0, prefix.size()), prefix);
}

/// The value of an attribute's header without its quotes and escapes (CloudEvents, HTTP binding 3.1.3.2).
std::optional<std::string> attribute(const ServerRequest& request, std::string_view name) {
  const auto found =
      std::find_if(request.headers.begin(), request.headers.end(),
                   [&](const http::Header& header) { return same_ignoring_case(header.name, name); });
  if (found == request.headers.end()) return std::nullopt;
  std::string_view value = trimmed(found->value);
  std::string text;
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i)
      text += value[i] == '\\' && i + 1 < value.size() ? value[++i] : value[i];
  } else {
    text = value;
  }
  auto decoded = http::percent_decode(text);
  return decoded ? std::move(*decoded) : text;
}

/// Whether the attributes stand in headers and the body is nothing but data.
bool is_binary(const ServerRequest& request) {
  return !is_structured(trimmed(request.header("Content-Type"))) && attribute(request, "ce-specversion");
}

Result<codec::CloudEvents> read_binary(const ServerRequest& request) {
  const auto specversion = attribute(request, "ce-specversion");
  const auto id = attribute(request, "ce-id");
  const auto source = attribute(request, "ce-source");
  const auto type = attribute(request, "ce-type");
  const auto instance = attribute(request, "ce-resourceinstance");
  auto event = codec::make_cloud_event({specversion, id, source, type, instance});
  if (!event) return tl::unexpected(event.error());
  codec::CloudEvents one;
  one.events.push_back(std::move(*event));
  return one;
}

Result<codec::CloudEvents> read_structured(const ServerRequest& request) {
  codec::Parser parser;
  const codec::Document body(request.body);
  return codec::read_cloud_events(parser, body.view());
}

/// What a request holds.
struct Batch {
  std::vector<std::string> records; ///< each once, whatever party an event gives it
  std::size_t named = 0;            ///< events that name one of them
  std::size_t validations = 0;
  Taken taken;

  explicit Batch(codec::CloudEvents all) {
    taken.broken = all.broken;
    taken.problems = std::move(all.problems);
    std::set<std::pair<std::string_view, std::string_view>> events;
    std::set<std::string, std::less<>> guids;
    for (const auto& event : all.events) {
      if (!events.emplace(event.source, event.id).second) continue; // listed twice
      taken.without_instance += event.record_id ? 0 : 1;
      validations += event.validates_subscription() ? 1 : 0;
      if (!event.record_id) continue;
      ++named;
      if (guids.insert(event.record_id->substr(event.record_id->find('/') + 1)).second)
        records.push_back(*event.record_id);
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

  std::mutex mutex; ///< guards the secrets and the counts
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
  const auto secrets = [this] {
    const std::lock_guard lock(mutex);
    return options.secrets;
  }();
  if (!let_in(request, secrets))
    return refuse(reply, &EventsProgress::refused_secret, 401,
                  {"code", "is not the secret of this endpoint", {}});
  const bool binary = is_binary(request);
  if (!binary && !is_json(request.header("Content-Type")))
    return refuse(reply, &EventsProgress::refused_type, 415,
                  {"Content-Type", "must be application/json or application/cloudevents+json", {}});
  auto events = binary ? read_binary(request) : read_structured(request);
  if (!events) return refuse(reply, &EventsProgress::refused_invalid, 400, events.error());
  Batch batch(std::move(*events));
  if (batch.records.size() > options.most_under_way)
    return refuse(reply, &EventsProgress::refused_too_many, 413,
                  {"body", "names more than " + std::to_string(options.most_under_way) + " instances", {}});
  count(&EventsProgress::without_instance, batch.taken.without_instance);
  count(&EventsProgress::validations, batch.validations);
  count(&EventsProgress::broken, batch.taken.broken);
  if (batch.records.empty()) return reply(answer(batch.taken));
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
  batch.taken.noted = batch.named;
  note(std::move(batch.records),
       [state = shared_from_this(), reply, records, places = std::move(places),
        taken = std::move(batch.taken)](const std::optional<Problem>& problem) mutable {
         places.reset();
         if (problem) {
           state->count(&EventsProgress::failed, taken.noted);
           return reply(come_again(503, *problem, state->options.retry_after));
         }
         state->count(&EventsProgress::noted, taken.noted);
         state->count(&EventsProgress::joined, taken.noted - records);
         reply(answer(taken));
       });
}

// -- the door -------------------------------------------------------------------------

Webhook::Webhook(WebhookOptions options, Note note, Waiting waiting)
    : state_(std::make_shared<State>(std::move(options), std::move(note), std::move(waiting))) {}

void Webhook::set_secrets(std::vector<std::string> secrets) {
  const std::lock_guard lock(state_->mutex);
  state_->options.secrets = std::move(secrets);
}

EventsProgress Webhook::intake() const {
  const std::lock_guard lock(state_->mutex);
  return state_->intake;
}

http::Route Webhook::route() const {
  constexpr std::size_t places = 256;
  return {
      http::Method::post, "/events",
      [state = state_](const ServerRequest& request, const Reply& reply) { state->serve(request, reply); },
      places};
}

} // namespace dialogferry::source
