#include "html.hpp"

namespace dialogferry::status::html {

namespace {

constexpr std::size_t most_rows = 100; ///< of a table

std::string codes(const std::vector<std::string>& of, const Locale& locale) {
  constexpr std::size_t most = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, of.size()); ++i) {
    const auto code = code_words(of[i], locale);
    out += (i == 0 ? "" : ", ") + (code.is_code ? element("code", code.text) : escape(code.text));
  }
  if (of.size() > most) out += ' ' + escape(say(locale, Text::more_days, locale.number(of.size() - most)));
  return out;
}

std::string what_to_do(Cause cause, const Locale& locale) {
  return fmt::format("<td>{}</td><td>{}</td>", escape(actor_words(locale.language(), actor_of(cause))),
                     escape(next_step(locale.language(), cause)));
}

std::string parked_table(const StatusModel& model, const Locale& locale) {
  std::string rows;
  std::size_t shown = 0, all = 0;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) continue;
    for (const auto& shard : row.parked) {
      if (++all > most_rows) continue;
      ++shown;
      const auto reason = reason_of(shard.reason);
      const auto code =
          codes(reason.code.empty() ? std::vector<std::string>{} : std::vector{reason.code}, locale);
      rows +=
          fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}{}</td>{}<td>{}</td></tr>\n",
                      time(shard.key.day, locale), escape(row_name(locale.language(), row.id)),
                      escape(shard.key.organisation), escape(reason_words(reason, locale)),
                      code.empty() || code == escape(reason_words(reason, locale)) ? "" : " " + code,
                      what_to_do(reason.cause, locale), time(shard.retry_at, locale));
    }
  }
  if (rows.empty()) return {};
  auto out = element("h3", say(locale, Text::parked_heading)) +
             table(say(locale, Text::parked_caption),
                   {say(locale, Text::day), say(locale, Text::source), say(locale, Text::organisation),
                    say(locale, Text::reason), say(locale, Text::who_acts), say(locale, Text::next_step),
                    say(locale, Text::retry_at)},
                   rows);
  if (all > shown) out += element("p", say(locale, Text::parked_more, locale.number(all - shown)));
  return out;
}

std::string causes_table(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& group : grouped(model.causes)) {
    rows +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>{}{}<td>{}</td></tr>\n",
                    escape(cause_words(locale.language(), group.cause)),
                    escape(row_name(locale.language(), group.row)), number_cell(locale.number(group.records)),
                    what_to_do(group.cause, locale), codes(group.codes, locale));
  }
  if (rows.empty()) return {};
  return element("h3", say(locale, Text::causes_heading)) +
         table(say(locale, Text::causes_caption),
               {say(locale, Text::cause), say(locale, Text::source), say(locale, Text::count),
                say(locale, Text::who_acts), say(locale, Text::next_step), say(locale, Text::code)},
               rows);
}

} // namespace

std::string missing(const StatusModel& model, const Locale& locale) {
  auto content = parked_table(model, locale) + causes_table(model, locale);
  if (content.empty()) content = element("p", say(locale, Text::nothing_parked));
  return heading("missing", say(locale, Text::missing)) + content;
}

} // namespace dialogferry::status::html
