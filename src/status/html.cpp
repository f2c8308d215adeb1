#include "html.hpp"

#include "assets.hpp"

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

std::string mark(RowState state) {
  return fmt::format("<span class=\"mark {}\" aria-hidden=\"true\">{}</span>", name_of(state), symbol(state));
}

std::string heading(std::string_view name, std::string_view text) {
  return fmt::format("<h2 id=\"{}-h\">{}</h2>\n", name, escape(text));
}

std::string figures(const std::vector<Figure>& figures, std::string_view css_class) {
  std::string out = fmt::format("<dl class=\"{}\">\n", css_class);
  for (const auto& figure : figures)
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(figure.name), escape(figure.value));
  return out + "</dl>\n";
}

std::string number_cell(std::string_view text) {
  return fmt::format("<td class=\"n\">{}</td>", escape(text));
}

std::string table(std::string_view caption, const std::vector<std::string>& headers, std::string_view rows,
                  std::string_view css_class) {
  std::string head;
  for (const auto& header : headers)
    head += fmt::format("<th scope=\"col\">{}</th>", escape(header));
  return fmt::format("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">"
                     "<table class=\"{3}\"><caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>\n{2}"
                     "</tbody></table></div>\n",
                     escape(caption), head, rows, css_class);
}

std::string document(const Locale& locale, std::string_view title, std::string_view headline,
                     std::string_view body, bool served, bool live) {
  const auto style =
      served
          ? fmt::format(
                "<link rel=\"icon\" href=\"/page.svg\">\n<link rel=\"stylesheet\" href=\"/page.css?v={}\">",
                version_of(page_css()))
          : fmt::format("<style>\n{}</style>", page_css());
  const auto script =
      served ? fmt::format("<script src=\"/page.js?v={}\" defer></script>\n", version_of(page_js()))
             : std::string{};
  return fmt::format("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n{}\n{}</head>\n"
                     "<body data-headline=\"{}\"{}>\n{}</body>\n</html>\n",
                     name_of(locale.language()), escape(title), style, script, escape(headline),
                     live ? " data-live=\"yes\"" : "", body);
}

} // namespace html

namespace {

using html::escape;

std::string language_links(const Locale& locale, std::string_view address) {
  const auto other = locale.language() == Language::nb ? Language::en : Language::nb;
  return fmt::format(
      "<a href=\"{4}lang={0}\" hreflang=\"{0}\" lang=\"{0}\">{1}</a> <a href=\"{4}lang={2}\">{3}</a>",
      name_of(other), say(locale, Text::other_language), name_of(locale.language()),
      say(locale, Text::refresh), escape(address));
}

std::string header(const StatusModel& model, const Locale& locale, std::string_view links,
                   std::string_view as_of) {
  return fmt::format(
      "<header>\n<div class=\"name\"><h1>{}</h1><p class=\"tag\">{}</p></div>\n<nav>{}</nav>\n"
      "<p class=\"asof\">{} <span id=\"lost\" class=\"lost\" hidden>{}</span></p>\n</header>\n",
      say(locale, Text::title), escape(say(locale, Text::environment, model.environment)), links, as_of,
      say(locale, Text::not_updated));
}

std::string foot(const Locale& locale, std::string_view modified, bool served) {
  const auto link = served ? fmt::format(" <a href=\"/api/status\">{}</a>.", say(locale, Text::footer_data))
                           : std::string{};
  return fmt::format("<footer>\n<p>{}</p>\n<p>{}{}</p>\n<p>{}</p>\n</footer>\n", modified,
                     say(locale, Text::footer_same), link, say(locale, Text::footer_scripts));
}

/// The element of a part that is no section.
std::string span_of(const Part& part) {
  return fmt::format("<span data-part=\"{}\" data-v=\"{}\">{}</span>", part.name, part.version, part.html);
}

std::string section_of(const Part& part, std::string_view content) {
  const auto labelled = content.empty() ? std::string{} : fmt::format(" aria-labelledby=\"{}-h\"", part.name);
  return fmt::format("<section id=\"{0}\" data-part=\"{0}\" data-v=\"{1}\"{2}>{3}</section>\n", part.name,
                     part.version, labelled, content);
}

const Part& part_of(const std::vector<Part>& parts, std::string_view name) {
  for (const auto& part : parts)
    if (part.name == name) return part;
  return parts.front();
}

} // namespace

std::string page_title(const StatusModel& model, const Locale& locale) {
  return say(locale, Text::title) + " · " + headline(model, locale);
}

std::string render_html(const StatusModel& model, Language language, bool served) {
  const Locale locale(language);
  const auto parts = page_parts(model, language);
  std::string body = fmt::format("<a class=\"skip\" href=\"#status\">{}</a>\n", say(locale, Text::skip));
  body += header(model, locale, served ? language_links(locale, "/?") : std::string{},
                 span_of(part_of(parts, "as_of")));
  body += "<p id=\"announcer\" class=\"unseen\" role=\"status\"></p>\n<main>\n";
  for (const auto* name : {"status", "goals", "details", "missing"})
    body += section_of(part_of(parts, name), part_of(parts, name).html);
  body += section_of(part_of(parts, "days"), html::days(model, locale, served));
  for (const auto* name : {"throughput", "changes", "notes", "words"})
    body += section_of(part_of(parts, name), part_of(parts, name).html);
  body += "</main>\n" + foot(locale, span_of(part_of(parts, "modified")), served);
  return html::document(locale, page_title(model, locale), headline(model, locale), body, served, served);
}

std::string render_year(const StatusModel& model, const RowStatus& row, int year, Language language) {
  const Locale locale(language);
  const auto name = fmt::format("{}, {}", row_name(language, row.id), year);
  const auto address = fmt::format("/days?row={}&year={}&", row.id, year);
  auto body = fmt::format("<a class=\"skip\" href=\"#days\">{}</a>\n", say(locale, Text::skip));
  body += header(model, locale, language_links(locale, address),
                 say(locale, Text::as_of, html::time(model.as_of, locale)));
  body +=
      fmt::format("<main>\n<section id=\"days\" aria-labelledby=\"days-h\">{}<p>{}</p>\n{}\n"
                  "<div class=\"year\">{}</div>\n<p><a href=\"/?lang={}\">{}</a></p></section>\n</main>\n",
                  html::heading("days", name), say(locale, Text::days_keys), html::legend(locale),
                  year_part(row, year, language).html, name_of(language), say(locale, Text::back));
  return html::document(locale, name, headline(model, locale), body, true, false);
}

} // namespace dialogferry::status
