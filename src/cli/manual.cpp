#include "manual.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace dialogferry::cli {

namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// Options first as they were added, without what is placed by its position.
std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return !option->get_positional(); });
}

std::vector<const CLI::Option*> positions_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

/// Calls `each` with every command that has none below it, and its path: "exceptions list".
template <class Each>
void each_command(const CLI::App& app, const std::string& path, const Each& each) {
  for (const auto* command : commands_of(app)) {
    const auto name = path + (path.empty() ? "" : " ") + command->get_name();
    if (commands_of(*command).empty())
      each(name, *command);
    else
      each_command(*command, name, each);
  }
}

// -- the manual page ----------------------------------------------------------------

/// Text as troff reads it: hyphens as they are typed, no line that is taken for a request.
std::string troff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string value_of(const CLI::Option& option) {
  if (option.get_expected_max() == 0) return {};
  const auto type = option.get_type_name();
  return type.empty() ? "VALUE" : type.substr(0, type.find(':'));
}

void add_option(std::string& page, const CLI::Option& option) {
  const auto name = option.get_positional() ? option.get_name(true) : option.get_name(false, true);
  page += fmt::format(".TP\n\\fB{}\\fR", troff(name));
  if (const auto value = value_of(option); !value.empty() && !option.get_positional())
    page += fmt::format(" \\fI{}\\fR", troff(value));
  page += fmt::format("\n{}", troff(option.get_description()));
  if (const auto standard = option.get_default_str(); !standard.empty())
    page += fmt::format(" (default: {})", troff(standard));
  page += option.get_required() ? " (needed)\n" : "\n";
}

} // namespace

std::string man_page(const CLI::App& program) {
  const auto name = program.get_name();
  auto page =
      fmt::format(".TH {} 1 \"\" \"{} {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n"
                  ".B {}\n\\fICOMMAND\\fR [\\fIOPTION\\fR...]\n.SH COMMANDS\n",
                  "DIALOGFERRY", name, DIALOGFERRY_VERSION, name, troff(program.get_description()), name);
  each_command(program, {}, [&](const std::string& path, const CLI::App& command) {
    page += fmt::format(".SS {} {}\n{}\n", name, troff(path), troff(command.get_description()));
    for (const auto* position : positions_of(command))
      add_option(page, *position);
    for (const auto* option : options_of(command))
      add_option(page, *option);
  });
  page +=
      ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nfailed\n.TP\n2\nwrong usage or configuration; nothing was "
      "started\n"
      ".TP\n3\ndone, but exceptions, parked days or waiting records remain\n.TP\n130\nstopped by a signal\n"
      ".SH SIGNALS\n.TP\nSIGTERM, SIGINT\nnothing new is begun, what is in flight is finished; a second one "
      "stops at once\n.TP\nSIGHUP\nthe configuration is read again\n";
  return page;
}

// -- completions --------------------------------------------------------------------

namespace {

/// One line a command, and one for each group of them: `"exceptions" "list show retry --help"`.
template <class Each>
void each_path(const CLI::App& app, const std::string& path, const Each& each) {
  std::vector<std::string> words;
  for (const auto* command : commands_of(app))
    words.push_back(command->get_name());
  for (const auto* option : options_of(app))
    for (const auto& name : option->get_lnames())
      words.push_back("--" + name);
  each(path, words);
  for (const auto* command : commands_of(app))
    each_path(*command, path + (path.empty() ? "" : " ") + command->get_name(), each);
}

std::string cases_of(const CLI::App& program) {
  std::string cases;
  each_path(program, {}, [&](const std::string& path, const std::vector<std::string>& words) {
    cases += fmt::format("    '{}') words='{}' ;;\n", path, fmt::join(words, " "));
  });
  return cases;
}

/// The words before the one that is typed, without options and their values, are the path of a command.
std::string bash(const CLI::App& program) {
  return fmt::format(R"(# {0} completion                                        -*- shell-script -*-
_{0}() {{
  local path= word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    [[ $word == -* ]] && break
    path=${{path:+$path }}$word
  done
  word=${{COMP_WORDS[COMP_CWORD]}}
  case $path in
{1}    *) words= ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}}
complete -o default -F _{0} {0}
)",
                     program.get_name(), cases_of(program));
}

std::string zsh(const CLI::App& program) {
  return fmt::format(R"(#compdef {0}
local path= word words i
for ((i = 2; i < CURRENT; i++)); do
  word=${{words[i]}}
  [[ $word == -* ]] && break
  path=${{path:+$path }}$word
done
() {{
  local words=
  case $1 in
{1}    *) _files; return ;;
  esac
  compadd -- ${{=words}}
  _files
}} "$path"
)",
                     program.get_name(), cases_of(program));
}

std::string fish(const CLI::App& program) {
  std::string lines;
  const auto add = [&](const std::string& condition, const std::string& what, const std::string& help) {
    auto quoted = help;
    for (std::size_t at = 0; (at = quoted.find('\'', at)) != std::string::npos; at += 2)
      quoted.insert(at, "\\");
    lines += fmt::format("complete -c {} -n '{}' {} -d '{}'\n", program.get_name(), condition, what, quoted);
  };
  const auto behind = [](const std::string& path) {
    return path.empty() ? std::string("__fish_use_subcommand")
                        : fmt::format("string match -q -- \"* {} *\" (commandline -pc)", path);
  };
  const auto walk = [&](const auto& self, const CLI::App& app, const std::string& path) -> void {
    for (const auto* command : commands_of(app)) {
      add(behind(path), "-f -a " + command->get_name(), command->get_description());
      self(self, *command, path + (path.empty() ? "" : " ") + command->get_name());
    }
    for (const auto* option : options_of(app))
      for (const auto& name : option->get_lnames())
        add(behind(path), "-l " + name, option->get_description());
  };
  walk(walk, program, {});
  return lines;
}

} // namespace

std::string completions(const CLI::App& program, const std::string& shell) {
  if (shell == "zsh") return zsh(program);
  return shell == "fish" ? fish(program) : bash(program);
}

} // namespace dialogferry::cli
