#include "assets.hpp"
#include "desk.hpp"
#include "parts.hpp"

#include <dialogferry/status/metrics.hpp>
#include <dialogferry/status/render.hpp>
#include <dialogferry/status/site.hpp>

#include <algorithm>
#include <charconv>

namespace dialogferry::status {

namespace {

using http::Reply;
using http::ServerRequest;
using http::ServerResponse;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::size_t places_of_its_own = 32; ///< of those that watch whether the engine lives

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

/// A document that may load our own style and script, listen to our own events, and nothing else.
ServerResponse page(std::string html, Language language) {
  auto response = respond(200, html_type, std::move(html));
  response.headers.push_back({"Content-Language", std::string(name_of(language))});
  response.headers.push_back({"Vary", "Accept-Language"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back(
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"});
  return response;
}

/// One year of one row: `part=1` asks for what the page puts into itself.
ServerResponse days(const ServerRequest& request, View& view) {
  const auto* row = view.model.row(request.parameter("row").value_or(""));
  const auto text = request.parameter("year").value_or("");
  int year = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool known = row != nullptr && row->history && read.ec == std::errc() && year > 0 && year < 10'000;
  if (!known) return respond(404, text_type, "there are no such days\n");
  const auto language = language_of(request);
  if (!request.parameter("part")) return page(render_year(view.model, *row, year, language), language);
  const auto& part = view.year(*row, year, language);
  auto response = respond(200, html_type, part.html);
  response.headers.push_back({"X-Version", part.version});
  return response;
}

ServerResponse ready(const StatusModel& model) {
  if (model.draining) return respond(503, text_type, "draining\n");
  if (model.stands_still()) return respond(503, json_type, render_waits(model));
  return respond(200, text_type, "ready\n");
}

/// Its address tells its version, so that a browser keeps it.
http::Route asset(std::string path, std::string_view type, std::string_view content) {
  return {http::Method::get, std::move(path), [type, content](const ServerRequest&, const Reply& reply) {
            auto response = respond(200, type, std::string(content));
            response.headers[0].value = "public, max-age=86400";
            reply(std::move(response));
          }};
}

/// A route that shows the model, or 503 where there is none; not worked out on the server's thread.
template <class Show>
http::RouteHandler showing(std::shared_ptr<Desk> desk, Show show) {
  return [desk = std::move(desk), show](const ServerRequest& request, const Reply& reply) {
    desk->ask([request, reply, show](const Result<View*>& view) {
      reply(view ? show(request, **view) : unavailable(view.error()));
    });
  };
}

/// The page, at once where it was drawn a moment ago.
http::RouteHandler front_page(std::shared_ptr<Desk> desk) {
  return [desk = std::move(desk)](const ServerRequest& request, const Reply& reply) {
    const auto language = language_of(request);
    if (const auto html = desk->page(language)) return reply(page(*html, language));
    desk->draw(language, [reply, language](const Result<View*>& view) {
      reply(view ? page((*view)->html(language), language) : unavailable(view.error()));
    });
  };
}

} // namespace

Site::Site(Source source, Clock clock, std::shared_ptr<const metrics::Registry> counted)
    : desk_(std::make_shared<Desk>(std::move(source), std::move(clock)))
    , counted_(std::move(counted)) {}

Site::~Site() {
  desk_->close();
}

std::vector<http::Route> Site::routes() const {
  return {
      {http::Method::get, "/", front_page(desk_)},
      {http::Method::get, "/days", showing(desk_, days)},
      asset("/page.css", "text/css; charset=utf-8", page_css()),
      asset("/page.js", "text/javascript; charset=utf-8", page_js()),
      asset("/page.svg", "image/svg+xml", page_svg()),
      {http::Method::get, "/api/status",
       showing(desk_, [](const ServerRequest&, View& view) { return respond(200, json_type, view.json()); })},
      {http::Method::get, "/metrics",
       showing(desk_,
               [counted = counted_](const ServerRequest&, View& view) {
                 return respond(200, "text/plain; version=0.0.4; charset=utf-8",
                                render_metrics(view.model, counted.get()));
               })},
      {http::Method::get, "/readyz",
       showing(desk_, [](const ServerRequest&, View& view) { return ready(view.model); }), places_of_its_own},
      {http::Method::get, "/healthz",
       [](const ServerRequest&, const Reply& reply) { reply(respond(200, text_type, "ok\n")); },
       places_of_its_own},
      {http::Method::get, "/api/events",
       [desk = desk_](const ServerRequest& request, const Reply& reply) {
         const bool of_page = request.parameter("view") == "page";
         desk->listen(reply.stream(), of_page ? std::optional(language_of(request)) : std::nullopt);
       }},
  };
}

void Site::publish() const {
  desk_->publish();
}

} // namespace dialogferry::status
