#include "html.hpp"

namespace dialogferry::status::html {

std::string changelog(const StatusModel& model, const Locale& locale) {
  std::string lines;
  for (const auto& line : model.changelog)
    lines += "<li>" + time(day_of(line.at), locale) + ' ' + escape(log_text(line, model, locale)) + "</li>\n";
  return heading("changes", say(locale, Text::changelog)) +
         (lines.empty() ? element("p", say(locale, Text::changelog_empty))
                        : "<ul class=\"log\">\n" + lines + "</ul>\n");
}

std::string notes(const StatusModel& model, const Locale& locale) {
  std::string lines;
  for (const auto& note : model.notes)
    lines += "<li>" + time(day_of(note.at), locale) + ' ' + escape(note_text(note, locale)) + "</li>\n";
  if (lines.empty()) return {};
  return heading("notes", say(locale, Text::notes)) + "<ul class=\"log\">\n" + lines + "</ul>\n";
}

std::string words(const Locale& locale) {
  auto content = heading("words", say(locale, Text::words));
  for (const auto text : {Text::words_migrated, Text::words_lag, Text::words_exception, Text::words_verified,
                          Text::words_excluded, Text::words_record})
    content += element("p", say(locale, text));
  return content;
}

} // namespace dialogferry::status::html
