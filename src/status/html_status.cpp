#include "html.hpp"

namespace dialogferry::status::html {

namespace {

std::string live(const StatusModel& model, const Locale& locale) {
  const auto sentence = live_sentence(model, locale);
  auto out =
      fmt::format("<p class=\"live\">{}.{}</p>\n", escape(sentence.text),
                  sentence.claims ? "<sup><a href=\"#except\" aria-describedby=\"except\">1</a></sup>" : "");
  std::string troubles;
  for (const auto& [row, text] : live_troubles(model, locale))
    troubles += fmt::format("<li>{} {}.</li>\n", symbol(mark_of(*row)), escape(text));
  if (!troubles.empty()) out += "<ul class=\"troubles\">\n" + troubles + "</ul>\n";
  return out;
}

std::string footnote(const StatusModel& model, const Locale& locale) {
  if (!live_sentence(model, locale).claims) return {};
  return fmt::format("<p id=\"except\" class=\"quiet\"><small>1. {}</small></p>\n",
                     escape(say(locale, Text::live_except)));
}

/// The date, then what is not within it, then how far it is of all.
std::string back_to(const RowStatus& row, const Locale& locale) {
  std::string out;
  if (!row.migrated_back_to) {
    out = escape(standing(row, locale));
  } else {
    out = "<strong>" + time(*row.migrated_back_to, locale) + "</strong>";
    const auto except = days_and_records(row.exceptions.size(), row.open_exceptions, locale);
    if (!except.empty())
      out += fmt::format(" <a href=\"#missing\">{}</a>", escape(say(locale, Text::except_days, except)));
  }
  if (row.paused) out += "<br><small>" + escape(state_text(row, locale)) + "</small>";
  if (const auto whom = organisations_text(row, locale); !whom.empty())
    out += "<br><small>" + escape(whom) + "</small>";
  return out;
}

std::string history_table(const StatusModel& model, const Locale& locale) {
  std::string rows;
  for (const auto& row : model.rows) {
    if (!row.history || row.state == RowState::off) continue;
    rows += fmt::format(
        "<tr><th scope=\"row\">{}<a href=\"#row-{}\">{}</a><span class=\"unseen\">: {}</span></th>"
        "<td>{}</td></tr>\n",
        mark(mark_of(row)), row.id, escape(row_name(locale.language(), row.id)),
        escape(state_text(row, locale)), back_to(row, locale));
  }
  if (rows.empty()) return element("p", say(locale, Text::no_history));
  return table(say(locale, Text::historic_caption),
               {say(locale, Text::source), say(locale, Text::migrated_back_to)}, rows, "history");
}

} // namespace

std::string status(const StatusModel& model, const Locale& locale) {
  const auto state = overall(model);
  return fmt::format(
      "<div class=\"hero {}\">\n<h2 id=\"status-h\" class=\"unseen\">{}</h2>\n"
      "<p class=\"headline\">{} <span>{}.</span></p>\n{}</div>\n<div class=\"below\">\n{}{}{}</div>\n",
      name_of(state), say(locale, Text::status), mark(state), escape(headline(model, locale)),
      live(model, locale), history_table(model, locale), figures(first_figures(model, locale), "figures"),
      footnote(model, locale));
}

std::string goals(const StatusModel& model, const Locale& locale) {
  auto content = heading("goals", say(locale, Text::goals)) + element("p", say(locale, Text::goals_plan));
  std::string rows;
  for (const auto& goal : model.goals) {
    std::string expected = goal.eta ? escape(eta_text(*goal.eta, model.as_of, locale)) : "–";
    std::string names;
    for (const auto& row : goal.rows_short)
      names += (names.empty() ? "" : ", ") + std::string(row_name(locale.language(), row));
    if (!names.empty()) expected += "<br><small>" + escape(say(locale, Text::goal_short, names)) + "</small>";
    const auto progress = goal_progress(goal, locale);
    rows +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td><span class=\"state "
                    "{}\">{}</span></td></tr>\n",
                    escape(goal_name(goal.goal, locale)), time(goal.goal.deadline, locale),
                    progress.empty()
                        ? "–"
                        : fmt::format("{0}<progress max=\"{1}\" value=\"{2}\" aria-label=\"{0}\"></progress>",
                                      escape(progress), goal.days, goal.done),
                    expected, name_of(goal.state), escape(goal_text(goal, locale)));
  }
  if (rows.empty()) return content + element("p", say(locale, Text::goals_none));
  return content +
         table(say(locale, Text::goals_caption),
               {say(locale, Text::goal), say(locale, Text::deadline), say(locale, Text::progress_label),
                say(locale, Text::time_left), say(locale, Text::state)},
               rows);
}

} // namespace dialogferry::status::html
