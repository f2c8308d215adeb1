#include "html.hpp"

#include <dialogferry/status/render.hpp>

namespace dialogferry::status {

namespace html {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&#39;"; break;
    default: out += c;
    }
  }
  return out;
}

std::string element(std::string_view tag, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", tag, escape(text));
}

std::string time(Day day, const Locale& locale) {
  return fmt::format("<time datetime=\"{}\">{}</time>", to_string(day), locale.day(day));
}

std::string time(Instant at, const Locale& locale) {
  const Instant second{at.ticks - at.ticks % Instant::per_second};
  return fmt::format("<time datetime=\"{}\">{}</time>", to_string(second), locale.instant(at));
}

std::string table(std::string_view caption, const std::vector<std::string>& headers, std::string_view rows,
                  std::string_view css_class) {
  std::string head;
  for (const auto& header : headers)
    head += fmt::format("<th scope=\"col\">{}</th>", escape(header));
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">"
      "<table "
      "class=\"{3}\"><caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>\n{2}</tbody></table></div>\n",
      escape(caption), head, rows, css_class);
}

} // namespace html

namespace {

using html::escape;

std::string figure(std::string_view name, std::string_view value, std::string_view more = {}) {
  return fmt::format("<div><dt>{}</dt><dd>{}{}</dd></div>\n", escape(name), escape(value),
                     more.empty() ? std::string{} : fmt::format(" <small>{}</small>", escape(more)));
}

std::string progress_bar(const DayNumbers& days, const Locale& locale) {
  if (days.planned == 0) return {};
  const auto done = days.complete + days.parked;
  const auto text = say(locale, Text::progress, locale.number(done), locale.number(days.planned),
                        locale.percent(done, days.planned));
  return fmt::format("<p class=\"bar\"><progress max=\"{}\" value=\"{}\" aria-label=\"{}\"></progress></p>\n",
                     days.planned, done, escape(text));
}

/// The numbers a reader looks for first.
std::string figures(const StatusModel& model, const Locale& locale) {
  const auto days = all_days(model);
  std::uint64_t read = 0;
  double rate = 0;
  std::optional<Eta> eta;
  bool estimating = false, open_end = false;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    read += row.counts.read();
    rate += row.rate;
    if (!row.history || row.done()) continue;
    estimating |= row.estimating();
    open_end |= !row.eta;
    if (row.eta)
      eta = eta ? Eta{std::max(eta->from, row.eta->from), std::max(eta->to, row.eta->to)} : *row.eta;
  }
  std::string out = "<dl class=\"figures\">\n";
  if (days.planned > 0) {
    const auto done = days.complete + days.parked;
    out += figure(say(locale, Text::days_done),
                  say(locale, Text::days_of, locale.number(done), locale.number(days.planned)),
                  locale.percent(done, days.planned));
  }
  out += figure(say(locale, Text::records), locale.number(read));
  out += figure(say(locale, Text::rate), say(locale, Text::per_second, locale.rate(rate)));
  if (days.planned > 0) {
    const auto done = days.complete + days.parked == days.planned;
    out += figure(say(locale, Text::time_left), done               ? say(locale, Text::finished)
                                                : eta && !open_end ? eta_text(*eta, model.as_of, locale)
                                                : estimating       ? say(locale, Text::estimating)
                                                                   : "–");
  }
  return out + "</dl>\n";
}

std::string top(const StatusModel& model, const Locale& locale, bool served) {
  const auto state = overall(model);
  const auto other = locale.language() == Language::nb ? Language::en : Language::nb;
  std::string links;
  if (served) {
    links = fmt::format(
        "<a href=\"/?lang={0}\" hreflang=\"{0}\" lang=\"{0}\">{1}</a> <a href=\"/?lang={2}\">{3}</a>",
        name_of(other), say(locale, Text::other_language), name_of(locale.language()),
        say(locale, Text::refresh));
  }
  return fmt::format(
      "<header>\n<div class=\"name\"><h1>{}</h1><p class=\"tag\">{}</p></div>\n<nav>{}</nav>\n</header>\n"
      "<section class=\"hero {}\">\n<p class=\"headline\" role=\"status\"><span class=\"mark\" "
      "aria-hidden=\"true\">{}</span> {}.</p>\n<p class=\"asof\">{}</p>\n{}{}</section>\n",
      say(locale, Text::title), escape(say(locale, Text::environment, model.environment)), links,
      name_of(state), symbol(state), escape(headline(model, locale)),
      say(locale, Text::as_of, html::time(model.as_of, locale)), progress_bar(all_days(model), locale),
      figures(model, locale));
}

std::string foot(const Locale& locale, bool served) {
  const auto link = served ? fmt::format(" <a href=\"/api/status\">{}</a>.", say(locale, Text::footer_data))
                           : std::string{};
  return fmt::format("<footer>\n<p>{} {}</p>\n<p>{}</p>\n</footer>\n", say(locale, Text::footer_same), link,
                     say(locale, Text::footer_accessible));
}

} // namespace

std::string render_html(const StatusModel& model, Language language, bool served) {
  const Locale locale(language);
  return fmt::format(
             "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{}</style>\n"
             "</head>\n<body>\n<a class=\"skip\" href=\"#sources\">{}</a>\n",
             name_of(language), say(locale, Text::title) + " · " + escape(headline(model, locale)),
             html::style(), say(locale, Text::skip)) +
         top(model, locale, served) + "<main>\n" + html::notes(model, locale) + html::sources(model, locale) +
         html::live(model, locale) + html::days(model, locale) + html::exceptions(model, locale) +
         html::goals(model, locale) + html::counts(model, locale) + html::changelog(model, locale) +
         html::words(locale) + "</main>\n" + foot(locale, served) + "</body>\n</html>\n";
}

} // namespace dialogferry::status
