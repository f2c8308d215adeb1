#include "html.hpp"
#include "json_writer.hpp"

#include <algorithm>

namespace dialogferry::status {

namespace {

void add(std::vector<Part>& parts, std::string name, std::string html) {
  auto version = version_of(html);
  parts.push_back({std::move(name), std::move(html), std::move(version)});
}

} // namespace

/// FNV-1a
std::string version_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return fmt::format("{:x}", hash);
}

std::vector<Part> page_parts(const StatusModel& model, Language language) {
  const Locale locale(language);
  std::vector<Part> parts;
  add(parts, "as_of", say(locale, Text::as_of, html::time(model.as_of, locale)));
  add(parts, "status", html::status(model, locale));
  add(parts, "goals", html::goals(model, locale));
  add(parts, "details", html::details(model, locale));
  add(parts, "missing", html::missing(model, locale));
  html::add_day_parts(parts, model, locale);
  add(parts, "throughput", html::throughput(model, locale));
  add(parts, "changes", html::changelog(model, locale));
  add(parts, "notes", html::notes(model, locale));
  add(parts, "words", html::words(locale));
  add(parts, "modified",
      model.changed_at ? say(locale, Text::last_modified, html::time(*model.changed_at, locale))
                       : std::string{});
  return parts;
}

std::string page_event(const StatusModel& model, Language language, const std::vector<Part>& now,
                       const std::vector<Part>& before) {
  const Locale locale(language);
  JsonWriter json;
  json.open('{').member("title", page_title(model, locale)).member("headline", headline(model, locale));
  json.key("parts").open('[');
  bool any = false;
  for (const auto& part : now) {
    const auto old =
        std::find_if(before.begin(), before.end(), [&](const auto& one) { return one.name == part.name; });
    if (old != before.end() && old->version == part.version) continue;
    any = true;
    json.open('{').member("name", part.name).member("v", part.version);
    if (!part.fetched) json.member("html", part.html);
    json.close('}');
  }
  json.close(']').close('}');
  return any ? json.take() : std::string{};
}

} // namespace dialogferry::status
