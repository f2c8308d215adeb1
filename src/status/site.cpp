#include <dialogferry/status/render.hpp>
#include <dialogferry/status/site.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace dialogferry::status {

struct Site::State {
  State(Source make, Clock tell)
      : source(std::move(make))
      , clock(std::move(tell)) {}

  /// The model, at most a second old.
  Result<StatusModel> model() {
    const std::lock_guard lock(mutex);
    const auto now = clock();
    const bool fresh = made && now >= made_at && now.ticks - made_at.ticks < Instant::per_second;
    if (!fresh) {
      made = source();
      made_at = now;
    }
    return *made;
  }

  void listen(const http::EventStream& stream) {
    const std::lock_guard lock(stream_mutex);
    std::erase_if(streams, [](const http::EventStream& other) { return !other.is_open(); });
    streams.push_back(stream);
  }

  Source source;
  Clock clock;
  std::mutex mutex;
  std::optional<Result<StatusModel>> made;
  Instant made_at;
  std::mutex stream_mutex;
  std::vector<http::EventStream> streams;
};

namespace {

using http::ServerRequest;
using http::ServerResponse;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::size_t places_of_its_own = 32; ///< of those that watch whether the engine lives
constexpr std::string_view text_type = "text/plain; charset=utf-8";

ServerResponse respond(int status, std::string_view type, std::string body) {
  return {status,
          std::string(type),
          std::move(body),
          {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
}

ServerResponse unavailable(const Problem& problem) {
  return respond(503, text_type, problem.member + ' ' + problem.message + '\n');
}

/// What the reader asks for, or else what the browser prefers of the two.
Language language_of(const ServerRequest& request) {
  if (const auto asked = parse_language(request.parameter("lang").value_or(""))) return *asked;
  auto wanted = request.header("Accept-Language");
  while (!wanted.empty()) {
    const auto end = std::min(wanted.find(','), wanted.size());
    auto range = wanted.substr(0, end);
    while (!range.empty() && range.front() == ' ')
      range.remove_prefix(1);
    if (const auto known = parse_language(range.substr(0, range.find_first_of("-; ")))) return *known;
    wanted.remove_prefix(std::min(end + 1, wanted.size()));
  }
  return Language::en;
}

ServerResponse page(const ServerRequest& request, const StatusModel& model) {
  const auto language = language_of(request);
  auto response = respond(200, "text/html; charset=utf-8", render_html(model, language, true));
  response.headers.push_back({"Content-Language", std::string(name_of(language))});
  response.headers.push_back({"Vary", "Accept-Language"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                              "form-action 'none'; frame-ancestors 'none'"});
  return response;
}

ServerResponse ready(const StatusModel& model) {
  if (model.draining) return respond(503, text_type, "draining\n");
  if (model.stands_still()) return respond(503, json_type, render_waits(model));
  return respond(200, text_type, "ready\n");
}

} // namespace

Site::Site(Source source, Clock clock)
    : state_(std::make_shared<State>(std::move(source), std::move(clock))) {}

std::vector<http::Route> Site::routes() const {
  /// A route that shows the model, or 503 where there is none.
  const auto showing = [state = state_](auto show) {
    return [state, show](const ServerRequest& request, const http::Reply& reply) {
      const auto model = state->model();
      reply(model ? show(request, *model) : unavailable(model.error()));
    };
  };
  return {
      {http::Method::get, "/",
       showing([](const ServerRequest& request, const StatusModel& model) { return page(request, model); })},
      {http::Method::get, "/api/status", showing([](const ServerRequest&, const StatusModel& model) {
         return respond(200, json_type, render_json(model));
       })},
      {http::Method::get, "/metrics", showing([](const ServerRequest&, const StatusModel& model) {
         return respond(200, "text/plain; version=0.0.4; charset=utf-8", render_metrics(model));
       })},
      {http::Method::get, "/readyz",
       showing([](const ServerRequest&, const StatusModel& model) { return ready(model); }),
       places_of_its_own},
      {http::Method::get, "/healthz",
       [](const ServerRequest&, const http::Reply& reply) { reply(respond(200, text_type, "ok\n")); },
       places_of_its_own},
      {http::Method::get, "/api/events",
       [state = state_](const ServerRequest&, const http::Reply& reply) {
         const auto stream = reply.stream();
         if (const auto model = state->model()) stream.send("status", render_json(*model));
         state->listen(stream);
       }},
  };
}

void Site::publish() const {
  std::vector<http::EventStream> streams;
  {
    const std::lock_guard lock(state_->stream_mutex);
    std::erase_if(state_->streams, [](const http::EventStream& stream) { return !stream.is_open(); });
    streams = state_->streams;
  }
  if (streams.empty()) return;
  const auto model = state_->model();
  if (!model) return;
  const auto data = render_json(*model);
  for (const auto& stream : streams)
    stream.send("status", data);
}

} // namespace dialogferry::status
