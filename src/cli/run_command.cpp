#include <dialogferry/cli/commands.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace dialogferry::cli {

namespace {

bool is_enabled(const Config& config, const std::string& row) {
  const auto found = config.rows.find(row);
  return found != config.rows.end() && found->second.enabled;
}

/// Nothing where every row asked for is enabled and there is one at all; otherwise what is wrong.
std::optional<Problem> check_rows(const Config& config, const std::vector<std::string>& rows) {
  for (const auto& row : rows)
    if (!is_enabled(config, row))
      return Problem{"--rows", fmt::format("names {}, which is off", row), fmt::format("add [rows.{}]", row)};
  const bool any =
      std::any_of(config.rows.begin(), config.rows.end(), [](const auto& row) { return row.second.enabled; });
  if (!any) return Problem{"", "no row is enabled", "add a table such as [rows.a3-app-instances-historic]"};
  return std::nullopt;
}

Exit start(const Console& console, CarryOptions options, const Runtime& runtime) {
  const auto loaded = load_or_explain(console, options.config);
  if (!loaded) return usage;
  if (const auto problem = check_rows(loaded->config, options.task.rows))
    return console.error(*problem), usage;
  auto wording = wording_or_explain(console, loaded->config.mapping.texts);
  if (!wording) return usage;
  options.task.wording = std::move(*wording);
  return carry(console, *loaded, options, runtime);
}

} // namespace

Exit run(const Console& console, const RunOptions& options, const Runtime& runtime) {
  CarryOptions carried{
      .config = options.config, .task = {}, .progress = options.progress, .json = options.json};
  carried.task.rows = options.rows;
  carried.task.until_idle = options.until_idle;
  return start(console, std::move(carried), runtime);
}

Exit backfill(const Console& console, const BackfillOptions& options, const Runtime& runtime) {
  if (!options.row.ends_with("-historic")) {
    console.error(fmt::format("{} has no days to carry", options.row),
                  "give a row whose id ends in -historic");
    return usage;
  }
  if (options.from > options.to) {
    console.error(fmt::format("--from {} is after --to {}", to_string(options.from), to_string(options.to)),
                  "both days are carried, and those between");
    return usage;
  }
  CarryOptions carried{
      .config = options.config, .task = {}, .progress = options.progress, .json = options.json};
  carried.task.rows = {options.row};
  carried.task.days = engine::Task::Days{options.from, options.to, options.force};
  return start(console, std::move(carried), runtime);
}

} // namespace dialogferry::cli
