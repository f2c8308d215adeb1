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
  void fact(std::string_view name, std::string_view value) { line("    {:<24}{}", name, value); }
  void blank() { out_ += '\n'; }
  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

std::string counts_text(const Counts& counts, const Locale& locale) {
  std::string text = locale.number(counts.read());
  std::string parts;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (counts.of[i] == 0) continue;
    parts += parts.empty() ? "" : ", ";
    parts += fmt::format("{} {}", outcome_text(static_cast<Outcome>(i), locale), locale.number(counts.of[i]));
  }
  return parts.empty() ? text : text + " (" + parts + ')';
}

void live_facts(Lines& out, const RowStatus& row, const Locale& locale) {
  if (row.last_carried_at) out.fact(say(locale, Text::last_carried), locale.instant(*row.last_carried_at));
  out.fact(say(locale, Text::waiting), locale.number(row.waiting));
}

void source(Lines& out, const RowStatus& row, Instant as_of, const Locale& locale) {
  out.line("{} {} [{}]: {}", symbol(row.state), row_name(locale.language(), row.id), row.id,
           state_text(row, locale));
  out.line("    {}", standing(row, locale));
  if (const auto whom = organisations_text(row, locale); !whom.empty()) out.line("    {}", whom);
  if (row.wait) out.fact(say(locale, Text::reason), wait_text(*row.wait, as_of, locale));
  if (row.history) {
    const auto done = row.numbers.complete + row.numbers.parked;
    out.fact(say(locale, Text::days_done),
             say(locale, Text::days_of, locale.number(done), locale.number(row.numbers.planned)) + " (" +
                 locale.percent(done, row.numbers.planned) + ')');
  }
  out.fact(say(locale, Text::records), counts_text(row.counts, locale));
  out.fact(say(locale, Text::rate), say(locale, Text::per_second, locale.rate(row.rate)));
  if (row.history)
    out.fact(say(locale, Text::time_left), eta_text(row, as_of, locale));
  else
    live_facts(out, row, locale);
  for (const auto& shard : row.parked) {
    out.fact(locale.day(shard.key.day),
             fmt::format("{}: {}; {}: {}", shard.key.organisation, reason_text(shard.reason, locale),
                         say(locale, Text::retry_at), locale.instant(shard.retry_at)));
  }
}

void causes(Lines& out, const StatusModel& model, const Locale& locale) {
  if (model.causes.empty()) return;
  out.line("{}", say(locale, Text::causes_heading));
  for (const auto& cause : model.causes) {
    out.line("    {:>8}  {}{}  [{}]", locale.number(cause.count), cause_text(cause.cause, locale),
             cause.http_status == 0 ? std::string{} : fmt::format(" ({})", cause.http_status), cause.row);
  }
  out.blank();
}

} // namespace

std::string render_text(const StatusModel& model, Language language) {
  const Locale locale(language, true);
  Lines out;
  out.line("{} · {} · {}", say(locale, Text::title), model.environment,
           say(locale, Text::as_of, locale.instant(model.as_of)));
  out.line("{}.", headline(model, locale));
  out.blank();
  std::string off;
  for (const auto& row : model.rows) {
    if (row.state == RowState::off) {
      off += (off.empty() ? "" : ", ") + row.id;
      continue;
    }
    source(out, row, model.as_of, locale);
    out.blank();
  }
  causes(out, model, locale);
  for (const auto& goal : model.goals) {
    out.line("{}: {} ({} {}){}", goal_name(goal.goal, locale), goal_text(goal.state, locale),
             say(locale, Text::deadline), locale.day(goal.goal.deadline),
             goal.eta ? ", " + eta_text(*goal.eta, model.as_of, locale) : std::string{});
  }
  if (!model.goals.empty()) out.blank();
  if (!off.empty()) out.line("{}", say(locale, Text::off_sources, off));
  return out.take();
}

} // namespace dialogferry::status
