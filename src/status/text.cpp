#include "wording.hpp"

#include <dialogferry/status/render.hpp>

#include <iterator>

namespace dialogferry::status {

namespace {

/// Lines of a text with two columns.
class Lines {
public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }
  void fact(std::string_view name, std::string_view value) { line("    {:<26}{}", name, value); }
  void blank() { out_ += '\n'; }
  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

void status(Lines& out, const StatusModel& model, const Locale& locale) {
  out.line("{}.", headline(model, locale));
  out.line("{}.", live_sentence(model, locale).text);
  for (const auto& [row, text] : live_troubles(model, locale))
    out.line("  {} {}.", symbol(mark_of(*row)), text);
  for (const auto& figure : first_figures(model, locale))
    out.line("{}: {}", figure.name, figure.value);
  out.blank();
}

void goals(Lines& out, const StatusModel& model, const Locale& locale) {
  for (const auto& goal : model.goals) {
    const auto progress = goal_progress(goal, locale);
    out.line("{}: {} ({} {}){}{}", goal_name(goal.goal, locale), goal_text(goal, locale),
             say(locale, Text::deadline), locale.day(goal.goal.deadline),
             progress.empty() ? "" : ", " + progress,
             goal.eta ? ", " + say(locale, Text::expected_done, eta_text(*goal.eta, model.as_of, locale))
                      : std::string{});
  }
  if (!model.goals.empty()) out.blank();
}

void source(Lines& out, const RowStatus& row, const StatusModel& model, const Locale& locale) {
  out.line("{} {} [{}]: {}", symbol(mark_of(row)), row_name(locale.language(), row.id), row.id,
           state_text(row, locale));
  out.line("    {}", standing(row, locale));
  if (const auto whom = organisations_text(row, locale); !whom.empty()) out.line("    {}", whom);
  if (const auto hold = hold_text(row, model.as_of, locale); !hold.empty())
    out.fact(say(locale, Text::reason), hold);
  auto figures = row_figures(row, model, locale);
  for (auto figure = figures.begin() + 1; figure != figures.end(); ++figure) // the state is said
    out.fact(figure->name, figure->value);
  for (const auto& shard : row.parked) {
    const auto reason = reason_of(shard.reason);
    out.fact(locale.day(shard.key.day),
             fmt::format("{}: {}; {}: {}", shard.key.organisation, reason_words(reason, locale),
                         say(locale, Text::retry_at), locale.instant(shard.retry_at)));
  }
}

void causes(Lines& out, const StatusModel& model, const Locale& locale) {
  const auto groups = grouped(model.causes);
  if (groups.empty()) return;
  out.line("{}", say(locale, Text::causes_heading));
  for (const auto& group : groups) {
    out.line("    {:>8}  {}  [{}]", locale.number(group.records), cause_words(locale.language(), group.cause),
             group.row);
    out.line("              {}", next_step(locale.language(), group.cause));
  }
  out.blank();
}

void engines(Lines& out, const StatusModel& model, const Locale& locale) {
  if (model.engines.empty()) return;
  out.line("{}", say(locale, Text::engines_caption));
  for (const auto& engine : model.engines) {
    const auto cells = engine_cells(engine, model, locale);
    out.fact(cells[0], fmt::format("{}", fmt::join(cells.begin() + 1, cells.end(), " · ")));
  }
  out.blank();
}

} // namespace

std::string render_text(const StatusModel& model, Language language) {
  const Locale locale(language, true);
  Lines out;
  out.line("{} · {} · {}", say(locale, Text::title), model.environment,
           say(locale, Text::as_of, locale.instant(model.as_of)));
  status(out, model, locale);
  goals(out, model, locale);
  std::string off;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) {
      off += (off.empty() ? "" : ", ") + row.id;
      continue;
    }
    source(out, row, model, locale);
    out.blank();
  }
  causes(out, model, locale);
  engines(out, model, locale);
  if (!off.empty()) out.line("{}", say(locale, Text::off_sources, off));
  return out.take();
}

} // namespace dialogferry::status
