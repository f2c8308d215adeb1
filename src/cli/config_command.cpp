#include "config_checks.hpp"
#include "json.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/cli/wording_file.hpp>

#include <fmt/format.h>

#include <ostream>

namespace dialogferry::cli {

namespace {

std::string problem_json(const ConfigProblem& problem) {
  return JsonObject()
      .text("where", problem.where.name)
      .number("line", problem.where.line)
      .text("key", problem.key)
      .text("message", problem.message)
      .text("hint", problem.hint)
      .take();
}

std::string problems_json(const std::vector<ConfigProblem>& found) {
  std::string problems;
  for (const auto& problem : found)
    problems.append(problems.empty() ? "" : ",\n  ").append(problem_json(problem));
  return "[" + problems + "]";
}

Exit check_as_json(const Console& console, const ConfigOptions& options) {
  const auto loaded = load_config(options.file, {console.environment, options.sets});
  auto found = loaded ? std::vector<ConfigProblem>{} : loaded.error();
  if (loaded)
    if (auto wording = load_wording(loaded->config.mapping.texts); !wording)
      found = std::move(wording.error());
  const auto* ok = found.empty() ? "true" : "false";
  const auto notes = loaded ? problems_json(advice(*loaded)) : "[]";
  console.out << JsonObject().raw("ok", ok).raw("problems", problems_json(found)).raw("notes", notes).take()
              << '\n';
  return found.empty() ? done : usage;
}

} // namespace

Exit config_check(const Console& console, const ConfigOptions& options, bool json) {
  if (json) return check_as_json(console, options);
  const auto loaded = load_or_explain(console, options);
  if (!loaded || !wording_or_explain(console, loaded->config.mapping.texts)) return usage;
  std::string rows;
  for (const auto id : row_ids)
    if (loaded->config.rows.find(id)->second.enabled) rows.append(rows.empty() ? "" : ", ").append(id);
  console.out << fmt::format("{} is fine; rows: {}\n", options.file, rows.empty() ? "none" : rows);
  for (const auto& note : advice(*loaded))
    console.out << fmt::format("note: {}\n", to_string(note));
  return done;
}

Exit config_show(const Console& console, const ConfigOptions& options, bool json) {
  const auto loaded = load_or_explain(console, options);
  if (!loaded) return usage;
  console.out << (json ? show_json(*loaded) : show_toml(*loaded));
  return done;
}

Exit config_reference(const Console& console) {
  console.out << reference_markdown();
  return done;
}

} // namespace dialogferry::cli
