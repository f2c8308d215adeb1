#include <dialogferry/cli/console.hpp>
#include <dialogferry/cli/wording_file.hpp>

#include <fmt/format.h>

#include <ostream>

namespace dialogferry::cli {

bool Console::colour() const {
  const auto no_colour = environment.find("NO_COLOR");
  return err_is_terminal && (no_colour == environment.end() || no_colour->second.empty());
}

void Console::error(std::string_view message, std::string_view hint) const {
  const auto paint = [&](std::string_view label, std::string_view code) {
    return colour() ? fmt::format("\x1b[{}m{}\x1b[0m", code, label) : std::string(label);
  };
  err << paint("error:", "31") << ' ' << message << '\n';
  if (!hint.empty()) err << paint("hint:", "36") << ' ' << hint << '\n';
  err.flush();
}

void Console::error(const Problem& problem) const {
  error(problem.member.empty() ? problem.message : fmt::format("{} {}", problem.member, problem.message),
        problem.hint);
}

void Console::warning(std::string_view message) const {
  err << (colour() ? "\x1b[33mwarning:\x1b[0m " : "warning: ") << message << std::endl;
}

namespace {

void explain(const Console& console, const std::vector<ConfigProblem>& problems) {
  for (const auto& problem : problems)
    console.error(to_string(problem), problem.hint);
  console.error(problems.size() == 1
                    ? "1 problem in the configuration; nothing was started"
                    : fmt::format("{} problems in the configuration; nothing was started", problems.size()),
                "`dialogferry config reference` tells what every key means");
}

} // namespace

std::optional<LoadedConfig> load_or_explain(const Console& console, const ConfigOptions& options) {
  auto loaded = load_config(options.file, {console.environment, options.sets});
  if (loaded) return std::move(*loaded);
  explain(console, loaded.error());
  return std::nullopt;
}

std::optional<mapping::Wording> wording_or_explain(const Console& console, const std::string& file) {
  auto wording = load_wording(file);
  if (wording) return std::move(*wording);
  explain(console, wording.error());
  return std::nullopt;
}

} // namespace dialogferry::cli
