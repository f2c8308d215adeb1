#include "arguments.hpp"
#include "logging.hpp"
#include "manual.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/cli/properties.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace dialogferry::cli {

namespace {

/// What the command line asks for, once it is parsed.
using Command = std::function<Exit()>;

/// Makes `run` the chosen command when `subcommand` is given.
void choose(CLI::App& subcommand, Command& chosen, Command run) {
  subcommand.callback([&chosen, run = std::move(run)] { chosen = run; });
}

// -- one function a command ------------------------------------------------------

/// `--no-progress` and `--json` of the commands that carry.
void add_display_options(CLI::App& command, bool& progress, bool& json) {
  command.add_flag_callback(
      "--no-progress", [&progress] { progress = false; }, "shows no progress");
  command.add_flag("--json", json, "prints what was carried as JSON");
}

void add_config(CLI::App& app, const Console& console, Command& chosen) {
  auto* config = app.add_subcommand("config", "checks and shows the configuration");
  config->require_subcommand(1);
  struct Options {
    ConfigOptions config;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();

  auto* check = config->add_subcommand("check", "finds every mistake in it");
  add_config_options(*check, options->config);
  check->add_flag("--json", options->json, "prints JSON");
  choose(*check, chosen, [=, &console] { return config_check(console, options->config, options->json); });

  auto* show = config->add_subcommand("show", "prints the effective values and where they come from");
  add_config_options(*show, options->config);
  show->add_flag("--json", options->json, "prints JSON");
  choose(*show, chosen, [=, &console] { return config_show(console, options->config, options->json); });

  auto* reference = config->add_subcommand("reference", "prints what every key means, as Markdown");
  choose(*reference, chosen, [&console] { return config_reference(console); });
}

void add_status(CLI::App& app, const Console& console, Command& chosen) {
  auto* command =
      app.add_subcommand("status", "the status page from the ledger, whether an engine runs or not");
  const auto options = std::make_shared<StatusOptions>();
  add_config_options(*command, options->config);
  auto* format = command->add_option("--format", options->format, "text, json, html or markdown")
                     ->check(CLI::IsMember({"text", "json", "html", "markdown"}))
                     ->type_name("FORMAT");
  command
      ->add_flag_callback(
          "--json", [options] { options->format = "json"; }, "the same as --format json")
      ->excludes(format);
  command->add_option("--lang", options->language, "en or nb")
      ->check(CLI::IsMember({"en", "nb"}))
      ->type_name("LANGUAGE")
      ->capture_default_str();
  command
      ->add_option("--output", options->output,
                   "writes files here, in both languages, all formats or the given one")
      ->type_name("DIR");
  command->add_flag("--watch", options->watch, "again every two seconds, until it is interrupted");
  choose(*command, chosen, [=, &console] { return show_status(console, *options); });
}

void add_ledger(CLI::App& app, const Console& console, Command& chosen) {
  auto* group = app.add_subcommand("ledger", "what the engine knows, and where it is kept");
  group->require_subcommand(1);
  auto* command =
      group->add_subcommand("copy", "moves a ledger that no engine uses between SQLite and PostgreSQL");
  const auto options = std::make_shared<LedgerCopyOptions>();
  command->add_option("--from", options->from, "sqlite:FILE or postgresql://USER@HOST/DATABASE")
      ->required()
      ->type_name("URL");
  command->add_option("--to", options->to, "likewise; nothing may be there")->required()->type_name("URL");
  command->add_flag_callback(
      "--no-progress", [options] { options->progress = false; }, "shows no progress");
  command->add_flag("--json", options->json, "prints what was copied as JSON");
  choose(*command, chosen, [=, &console] { return ledger_copy(console, *options); });
}

void add_map(CLI::App& app, const Console& console, Command& chosen) {
  auto* command = app.add_subcommand("map", "dry run: a mapping bundle in, the decision and the dialog out");
  const auto options = std::make_shared<MapOptions>();
  command->add_option("--input", options->input, "the bundle; stdin where it is not given")
      ->type_name("FILE");
  command->add_flag("--lines", options->lines, "many bundles, one a line in and out");
  command->add_option("--kind", options->kind, "of bundles that do not say so: instance or correspondence")
      ->check(CLI::IsMember({"instance", "correspondence"}));
  add_config_options(*command, options->config, false);
  choose(*command, chosen, [=, &console] { return map(console, *options); });
}

void add_explain(CLI::App& app, const Console& console, const std::function<Runtime()>& runtime,
                 Command& chosen) {
  auto* command = app.add_subcommand(
      "explain", "one record: source, mapping, request, answer, and what the target has; changes nothing");
  const auto options = std::make_shared<ExplainOptions>();
  add_config_options(*command, options->config);
  command->add_option("--row", options->row, "the row")->required()->check(known_row())->type_name("ROW");
  command->add_option("id", options->id, "the record's id, as the row names it")
      ->required()
      ->check(said())
      ->type_name("ID");
  command->add_flag("--json", options->json, "prints JSON, with whole bodies");
  choose(*command, chosen, [=, &console] { return explain(console, *options, runtime()); });
}

void add_exceptions_list(CLI::App& group, const Console& console, Command& chosen) {
  auto* list = group.add_subcommand("list", "lists what could not be carried");
  const auto options = std::make_shared<ExceptionsListOptions>();
  add_config_options(*list, options->config);
  add_row_option(*list, options->row);
  add_day_option(*list, "--day", options->day, "only this day");
  list->add_option("--cause", options->cause, "only this rule or member, as listed before the problem");
  list->add_option("--state", options->states, "open, retrying, resolved, dismissed or all")
      ->delimiter(',')
      ->capture_default_str();
  list->add_option("--limit", options->limit, "at most so many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  list->add_flag("--json", options->json, "prints JSON");
  choose(*list, chosen, [=, &console] { return exceptions_list(console, *options); });
}

void add_exceptions_show(CLI::App& group, const Console& console, Command& chosen) {
  auto* show = group.add_subcommand("show", "tells all there is to know about one");
  const auto options = std::make_shared<ExceptionsShowOptions>();
  show->add_option("id", options->id, "its number, as listed")->required();
  add_config_options(*show, options->config);
  show->add_flag("--json", options->json, "prints JSON");
  choose(*show, chosen, [=, &console] { return exceptions_show(console, *options); });
}

void add_exceptions_retry(CLI::App& group, const Console& console, Command& chosen) {
  auto* retry =
      group.add_subcommand("retry", "has records, and with --row or alone also parked days, tried again");
  const auto options = std::make_shared<ExceptionsRetryOptions>();
  auto* ids = retry->add_option("ids", options->ids, "their numbers; everything open where none is given");
  add_row_option(*retry, options->row)->excludes(ids);
  add_day_option(*retry, "--day", options->day, "only this day")->excludes(ids);
  add_config_options(*retry, options->config);
  choose(*retry, chosen, [=, &console] { return exceptions_retry(console, *options); });
}

void add_exceptions_dismiss(CLI::App& group, const Console& console, Command& chosen) {
  auto* dismiss = group.add_subcommand("dismiss", "leaves one for good");
  const auto options = std::make_shared<ExceptionsDismissOptions>();
  const auto user = console.environment.find("USER");
  options->who = user == console.environment.end() ? "unknown" : user->second;
  dismiss->add_option("id", options->id, "its number, as listed")->required();
  dismiss->add_option("--reason", options->reason, "why; kept in the ledger")
      ->required()
      ->check(said())
      ->type_name("TEXT");
  dismiss->add_option("--by", options->who, "who decides")->capture_default_str()->type_name("NAME");
  add_config_options(*dismiss, options->config);
  choose(*dismiss, chosen, [=, &console] { return exceptions_dismiss(console, *options); });
}

void add_exceptions_export(CLI::App& group, const Console& console, Command& chosen) {
  auto* exported = group.add_subcommand("export", "prints all of them, one a line");
  const auto options = std::make_shared<ExceptionsExportOptions>();
  add_config_options(*exported, options->config);
  exported->add_option("--format", options->format, "ndjson or csv")
      ->check(CLI::IsMember({"ndjson", "csv"}))
      ->capture_default_str();
  choose(*exported, chosen, [=, &console] { return exceptions_export(console, *options); });
}

void add_exceptions(CLI::App& app, const Console& console, Command& chosen) {
  auto* group = app.add_subcommand("exceptions", "what could not be carried, why, and a second chance");
  group->require_subcommand(1);
  add_exceptions_list(*group, console, chosen);
  add_exceptions_show(*group, console, chosen);
  add_exceptions_retry(*group, console, chosen);
  add_exceptions_dismiss(*group, console, chosen);
  add_exceptions_export(*group, console, chosen);
}

// -- steering a running engine -------------------------------------------------------

/// What every command of `ctl` takes.
std::shared_ptr<CtlOptions> add_ctl_command(CLI::App& group, const Console& console, Command& chosen,
                                            const std::string& verb, const std::string& help) {
  auto* command = group.add_subcommand(verb, help);
  const auto options = std::make_shared<CtlOptions>();
  const auto user = console.environment.find("USER");
  options->verb = verb;
  options->who = user == console.environment.end() ? "unknown" : user->second;
  add_config_options(*command, options->config);
  command->add_option("--url", options->url, "where the engine serves, if not where status.listen says")
      ->type_name("URL");
  if (verb != "show")
    command->add_option("--who", options->who, "who changes it; shown in the changelog")
        ->capture_default_str()
        ->check(said())
        ->type_name("NAME");
  command->add_flag("--json", options->json, "prints the answer as it is");
  choose(*command, chosen, [=, &console] { return ctl(console, *options); });
  return options;
}

void add_ctl(CLI::App& app, const Console& console, Command& chosen) {
  auto* group = app.add_subcommand("ctl", "changes a running engine");
  group->require_subcommand(1);
  const auto add = [&](const std::string& verb, const std::string& help, const std::string& target,
                       const std::string& value = {}) {
    const auto options = add_ctl_command(*group, console, chosen, verb, help);
    auto* command = group->get_subcommand(verb);
    if (!target.empty())
      command->add_option("target", options->target, target)->required(verb != "reset")->type_name("NAME");
    if (!value.empty()) command->add_option("value", options->value, value)->required();
    return options;
  };
  add("show", "prints what may be changed, what is in force, and who has set it", "");
  add("pause", "finishes what is in flight and begins nothing: a row, or all requests to an API",
      "a row or an API");
  add("resume", "goes on with it", "a row or an API");
  add("rate", "requests per second to an API at the most; 0 means no ceiling", "an API",
      "requests per second");
  add("concurrency", "connections to an API, or days of a historic row side by side", "a row or an API",
      "how many");
  add("credit", "records of a row in flight: a shard's, or a live row's", "a row", "how many");
  add("priority", "which history goes first where several rows wait for one API", "a historic row",
      "first, normal or last");
  add("reset", "takes back what was set: of a row, an API, one key, or all", "a row, an API or a key");
  const auto note = add("note", "tells the readers of the page something, in both languages", "");
  auto* command = group->get_subcommand("note");
  command->add_option("--en", note->en, "in English")->required()->check(said())->type_name("TEXT");
  command->add_option("--nb", note->nb, "in Norwegian")->required()->check(said())->type_name("TEXT");
}

void add_run(CLI::App& app, const Console& console, const std::function<Runtime()>& runtime,
             Command& chosen) {
  auto* command = app.add_subcommand("run", "carries history and live changes as configured");
  const auto options = std::make_shared<RunOptions>();
  add_config_options(*command, options->config);
  command->add_option("--rows", options->rows, "only these rows")
      ->delimiter(',')
      ->check(known_row())
      ->type_name("ROW,…")
      ->allow_extra_args(false);
  command->add_flag("--until-idle", options->until_idle, "ends once everything in range is carried");
  add_display_options(*command, options->progress, options->json);
  choose(*command, chosen, [=, &console] { return run(console, *options, runtime()); });
}

void add_backfill(CLI::App& app, const Console& console, const std::function<Runtime()>& runtime,
                  Command& chosen) {
  auto* command = app.add_subcommand("backfill", "carries just some days of a row");
  struct Given {
    BackfillOptions options;
    std::optional<Day> from;
    std::optional<Day> to;
  };
  const auto given = std::make_shared<Given>();
  add_config_options(*command, given->options.config);
  command->add_option("--row", given->options.row, "the row")
      ->required()
      ->check(known_row())
      ->type_name("ROW");
  add_day_option(*command, "--from", given->from, "the oldest day")->required();
  add_day_option(*command, "--to", given->to, "the newest day")->required();
  command->add_flag("--force", given->options.force, "carries completed days again");
  add_display_options(*command, given->options.progress, given->options.json);
  choose(*command, chosen, [=, &console] {
    given->options.from = *given->from;
    given->options.to = *given->to;
    return backfill(console, given->options, runtime());
  });
}

void add_verify(CLI::App& app, const Console& console, const std::function<Runtime()>& runtime,
                Command& chosen) {
  auto* command =
      app.add_subcommand("verify", "compares source and target by the day, and repairs on demand");
  struct Given {
    VerifyOptions options;
    std::optional<Day> from;
    std::optional<Day> to;
  };
  const auto given = std::make_shared<Given>();
  auto& options = given->options;
  add_config_options(*command, options.config);
  command->add_option("--row", options.row, "the row")->required()->check(known_row())->type_name("ROW");
  add_day_option(*command, "--from", given->from, "the oldest day")->required();
  add_day_option(*command, "--to", given->to, "the newest day")->required();
  command->add_flag("--repair", options.repair, "carries what differs again, and purges what should not be");
  command
      ->add_option("--sample", options.sample, "only so many records of a day, where a search shows nothing")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  auto* format = command->add_option("--format", options.format, "text or json")
                     ->check(CLI::IsMember({"text", "json"}))
                     ->capture_default_str();
  command
      ->add_flag_callback(
          "--json", [given] { given->options.format = "json"; }, "the same as --format json")
      ->excludes(format);
  choose(*command, chosen, [=, &console] {
    given->options.from = *given->from;
    given->options.to = *given->to;
    return verify(console, given->options, runtime());
  });
}

void add_demo(CLI::App& app, const Console& console, const std::function<Runtime()>& runtime,
              Command& chosen) {
  auto* command =
      app.add_subcommand("demo", "carries a generated history from a simulated platform, and audits it");
  const auto options = std::make_shared<DemoOptions>();
  command->add_flag("--keep", options->keep, "leaves the status page up");
  command->add_option("--days", options->days, "days of history")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option("--per-day", options->per_day, "instances per organisation and day")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--forms-per-day", options->forms_per_day, "archived forms per organisation and day")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_option("--messages-per-day", options->messages_per_day, "messages of Altinn 2 a day")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_option("--live-seconds", options->live_seconds, "how long changes are made; 0 means none")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  command->add_option("--live-rate", options->live_rate, "changes per second")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command
      ->add_option("--engines", options->engines, "that share the work; of several one is killed on the way")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "what the history follows from")->capture_default_str();
  command->add_option("--port", options->port, "of the status page; 0 takes any that is free")
      ->capture_default_str();
  command->add_option("--fixtures", options->fixtures, "a folder of stored records, carried as well")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  command->add_option("--folder", options->folder, "keeps configuration and ledger here")->type_name("DIR");
  add_display_options(*command, options->progress, options->json);
  choose(*command, chosen, [=, &console] { return demo(console, *options, runtime()); });
}

void add_manual(CLI::App& app, const Console& console, Command& chosen) {
  auto* command =
      app.add_subcommand("manual", "prints the manual page, or what completes commands in a shell");
  const auto format = std::make_shared<std::string>("man");
  command->add_option("--format", *format, "man, bash, zsh or fish")
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  choose(*command, chosen, [&app, &console, format] {
    console.out << (*format == "man" ? man_page(app) : completions(app, *format));
    return done;
  });
}

// -- wrong usage ---------------------------------------------------------------------

/// The commands below the first of `arguments` that is one.
const CLI::App* innermost(const CLI::App* app, const std::vector<std::string>& arguments, std::size_t& next) {
  for (; next < arguments.size(); ++next) {
    const auto below =
        app->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == arguments[next]; });
    if (below.empty()) return app;
    app = below.front();
  }
  return app;
}

std::string path_of(const CLI::App* command) {
  if (command->get_parent() == nullptr) return command->get_name();
  return fmt::format("{} {}", path_of(command->get_parent()), command->get_name());
}

/// What is wrong with the command line, and what was meant.
Problem explain(const CLI::ParseError& error, const CLI::App& app,
                const std::vector<std::string>& arguments) {
  std::size_t next = 0;
  const auto* command = innermost(&app, arguments, next);
  std::vector<std::string> names;
  for (const auto* sub : command->get_subcommands(nullptr))
    names.push_back(sub->get_name());
  const bool names_command = !names.empty() && next < arguments.size() && !arguments[next].starts_with("-");
  for (const auto* option : command->get_options())
    names.push_back(option->get_name());

  Problem problem{"", error.what(), fmt::format("`{} --help` tells what can be given", path_of(command))};
  if (names_command)
    problem.message = fmt::format("there is no command `{} {}`", path_of(command), arguments[next]);
  for (auto i = next; i < arguments.size(); ++i) {
    const auto word = arguments[i].substr(0, arguments[i].find('='));
    if (std::find(names.begin(), names.end(), word) != names.end()) continue;
    if (const auto meant = nearest(word, names)) problem.hint = fmt::format("did you mean {}?", *meant);
  }
  return problem;
}

/// CLI11 takes the next argument for the value of `--reason=`; nothing here may be empty, so that is refused.
const std::string* without_value(const std::vector<std::string>& arguments) {
  const auto found = std::find_if(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return argument.starts_with("--") && argument.find('=') == argument.size() - 1;
  });
  return found == arguments.end() ? nullptr : &*found;
}

} // namespace

int run_program(const std::vector<std::string>& arguments, const Console& console,
                const std::function<Runtime()>& runtime) {
  CLI::App app(
      "Carries records from Altinn into Dialogporten: history by date, newest first, and every change after.",
      "dialogferry");
  app.set_version_flag("--version", "dialogferry " DIALOGFERRY_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(40);
  Command chosen;
  if (runtime) {
    add_run(app, console, runtime, chosen);
    add_backfill(app, console, runtime, chosen);
    add_verify(app, console, runtime, chosen);
    add_demo(app, console, runtime, chosen);
    add_explain(app, console, runtime, chosen);
  }
  add_status(app, console, chosen);
  add_map(app, console, chosen);
  add_config(app, console, chosen);
  add_exceptions(app, console, chosen);
  add_ledger(app, console, chosen);
  add_ctl(app, console, chosen);
  add_manual(app, console, chosen);

  if (const auto* option = without_value(arguments)) {
    console.error({"", fmt::format("{} has no value", option->substr(0, option->size() - 1)),
                   "write the value behind the = or as the next argument"});
    return usage;
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& success) { // --help, --version
    app.exit(success, console.out, console.err);
    return done;
  } catch (const CLI::ParseError& error) {
    console.error(explain(error, app, arguments));
    return usage;
  }
  // Until `run` has its own: what a command prints is for programs to read.
  const Logging warnings({LogLevel::warning, LogFormat::text},
                         [&](std::string_view line) { console.err << line << std::flush; });
  return chosen();
}

} // namespace dialogferry::cli
