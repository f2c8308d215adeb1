#include "json.hpp"
#include "logging.hpp"
#include "service_manager.hpp"

#include <dialogferry/cli/carry.hpp>
#include <dialogferry/cli/settings.hpp>

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <ostream>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace dialogferry::cli {

namespace {

constexpr int turns_a_second = 4;
constexpr std::chrono::milliseconds redraw_every{1000 / turns_a_second};
constexpr std::chrono::seconds longest_end{4};      ///< of what is left once the engine has ended
constexpr std::chrono::seconds longest_restart{30}; ///< likewise, of one that starts anew
constexpr std::chrono::seconds try_again{1};        ///< to start anew

TerminalSize terminal_size() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_col, size.ws_row};
}

ProgressDisplay::Mode display_mode(const Console& console, const CarryOptions& options) {
  if (!options.progress) return ProgressDisplay::Mode::off;
  return console.err_is_terminal ? ProgressDisplay::Mode::block : ProgressDisplay::Mode::lines;
}

// -- what was carried -------------------------------------------------------------

std::string counts_text(const Counts& counts) {
  std::string text = grouped(counts.read()) + " read";
  for (std::size_t i = 0; i < outcome_count; ++i)
    if (counts.of[i] > 0)
      text.append(fmt::format(", {} {}", grouped(counts.of[i]), name_of(static_cast<Outcome>(i))));
  return text;
}

std::string counts_json(const Counts& counts) {
  JsonObject json;
  json.number("read", counts.read());
  for (std::size_t i = 0; i < outcome_count; ++i)
    json.number(name_of(static_cast<Outcome>(i)), counts.of[i]);
  return json.take();
}

std::string row_json(const RowProgress& row) {
  const auto days = JsonObject()
                        .number("planned", row.days_planned)
                        .number("complete", row.days_complete)
                        .number("parked", row.days_parked)
                        .take();
  return JsonObject()
      .text("id", row.id)
      .raw("days", days)
      .raw("migrated_back_to",
           row.migrated_back_to ? json_quoted(dialogferry::to_string(*row.migrated_back_to)) : "null")
      .raw("counts", counts_json(row.counts))
      .number("exceptions", row.exceptions)
      .take();
}

void print_json(std::ostream& out, const ProgressSnapshot& snapshot, const engine::Ending& ending) {
  std::string rows;
  for (const auto& row : snapshot.rows)
    rows.append(rows.empty() ? "" : ", ").append(row_json(row));
  out << JsonObject()
             .text("ended", ending.failure   ? "failed"
                            : ending.stopped ? "stopped"
                                             : "done")
             .number("exceptions", ending.exceptions)
             .number("parked_days", ending.parked_days)
             .number("held", ending.held)
             .raw("rows", "[" + rows + "]")
             .take()
      << '\n';
}

void print_text(std::ostream& out, const ProgressSnapshot& snapshot) {
  for (const auto& row : snapshot.rows) {
    out << row.id << ": ";
    if (row.history) out << fmt::format("{} of {} days, ", row.days_complete, row.days_planned);
    if (row.migrated_back_to)
      out << fmt::format("back to {}, ", dialogferry::to_string(*row.migrated_back_to));
    out << counts_text(row.counts) << '\n';
    for (const auto& stage : row.before) {
      out << fmt::format("  {}: {} of {} days, ", stage.stage, stage.days_complete, stage.days_planned);
      if (stage.migrated_back_to)
        out << fmt::format("back to {}, ", dialogferry::to_string(*stage.migrated_back_to));
      out << counts_text(stage.counts) << '\n';
    }
  }
}

// -- one run ------------------------------------------------------------------------

class Run {
public:
  Run(const Console& console, const LoadedConfig& loaded, const CarryOptions& options, const Runtime& runtime)
      : console_(console)
      , config_(loaded.config)
      , options_(options)
      , runtime_(runtime)
      , display_(console.err, display_mode(console, options), console.colour(), terminal_size)
      , logging_(loaded.config.log, [this](std::string_view line) { display_.print(line); }) {}

  Exit run() {
    auto task = options_.task;
    task.lay_over = lay_over;
    task.version = DIALOGFERRY_VERSION;
    while (true) {
      auto served = begin(task);
      if (!served && starts_anew_ && may_try_again(served.error())) continue;
      if (!served && stopping_) return stopped;
      if (!served) return console_.error(served.error()), failed;
      refused_ = {};
      display_.print(fmt::format("listening on {}\n", served->address));
      served_ = &*served;
      service_manager_.ready();
      if (std::exchange(reload_due_, false)) reload();
      const auto ending = wait(*served);
      show();
      served_ = nullptr;
      if (ending.may_start_anew && !stopping_ && start_anew(*served, ending)) continue;
      display_.finish();
      return report(ending);
    }
  }

  /// Ends with what run() returned. What is noted is on the disk: nothing that hangs may keep the process.
  Exit end(Exit exit) {
    if (!engine_ || engine_->close(longest_end)) return exit;
    display_.print("the engine did not let go of everything in time; ending all the same\n");
    std::_Exit(exit);
  }

private:
  /// An engine, and its page.
  Result<Served> begin(const engine::Task& task) {
    auto engine = runtime_.start(config_, task);
    if (!engine) return tl::unexpected(engine.error());
    engine_ = std::move(*engine);
    auto served = runtime_.serve(config_, *engine_);
    if (!served && starts_anew_ && engine_->close(longest_restart)) engine_.reset();
    return served;
  }

  /// Other engines have its work: lets go of everything, to take up what there is then, at the same address.
  bool start_anew(Served& served, const engine::Ending& ending) {
    display_.print(fmt::format("{} {}; starting anew\n", ending.failure->member, ending.failure->message));
    constexpr std::string_view scheme = "http://";
    config_.status.listen = served.address.substr(scheme.size());
    served = {};
    if (!engine_->close(longest_restart)) return false;
    engine_.reset();
    return starts_anew_ = true;
  }

  /// What worked before will work again, once the ledger answers; until somebody stops it.
  bool may_try_again(const Problem& refused) {
    if (engine_) return false; // does not let go
    if (refused != refused_)
      display_.print(fmt::format("{} {}; trying again\n", refused.member, refused.message));
    refused_ = refused;
    service_manager_.alive();
    const auto signal = runtime_.wait_signal(try_again);
    reload_due_ = reload_due_ || signal == SIGHUP;
    stopping_ = signal && signal != SIGHUP;
    return !stopping_;
  }

  engine::Ending wait(const Served& served) {
    for (int turn = 0;; ++turn) {
      show();
      if (turn % turns_a_second == 0) every_second(served);
      if (auto ending = engine_->wait_for(redraw_every)) return *ending;
      if (const auto signal = runtime_.wait_signal(std::chrono::milliseconds{0})) take(*signal);
    }
  }

  void every_second(const Served& served) {
    served.every_second();
    service_manager_.alive();
    service_manager_.status(sentence());
  }

  /// For `systemctl status`: how far each row is.
  std::string sentence() const {
    std::string rows;
    for (const auto& row : last_.rows) {
      rows += fmt::format("{}{}", rows.empty() ? "" : "; ", row.id);
      if (row.migrated_back_to) rows += " back to " + dialogferry::to_string(*row.migrated_back_to);
    }
    return rows;
  }

  void take(int signal) {
    if (signal == SIGHUP) return reload();
    if (stopping_) {
      display_.print("stopped without waiting; the ledger goes on from its last commit\n");
      note_published();
      std::_Exit(stopped);
    }
    stopping_ = true;
    service_manager_.stopping();
    display_.print("stopping: what is in flight is finished first; once more stops at once\n");
    engine_->stop();
  }

  /// Whose dialogs may be left without their messages (observed.md OC-1).
  void note_published() {
    const auto ids = engine_->publishing();
    if (ids.empty()) return;
    std::string text =
        fmt::format("{} messages were being published, and are looked at by the next run:", ids.size());
    for (const auto& id : ids)
      text += " " + dialogferry::to_string(id);
    display_.print(text + "\n");
  }

  void reload() {
    service_manager_.reloading();
    take_over_file();
    service_manager_.ready();
  }

  void take_over_file() {
    auto loaded = load_config(options_.config.file, {console_.environment, options_.config.sets});
    if (!loaded) {
      for (const auto& problem : loaded.error())
        display_.print(fmt::format("not reloaded: {}\n", to_string(problem)));
      return;
    }
    for (const auto& change : changes(config_, loaded->config))
      display_.print(fmt::format("{}: {} = {}\n", change.needs_restart ? "needs a restart" : "reloaded",
                                 change.key, change.after));
    print_kept(changes(config_, loaded->config));
    config_ = take_over(config_, loaded->config);
    engine_->reconfigure(config_);
    if (served_ == nullptr || !served_->reconfigure) return;
    if (const auto taken = served_->reconfigure(config_); !taken)
      display_.print(fmt::format("not reloaded: {} {}\n", taken.error().member, taken.error().message));
  }

  /// What operators have set stays above the file.
  void print_kept(const std::vector<ConfigChange>& changed) {
    for (const auto& setting : engine_->configured().settings)
      for (const auto& change : changed)
        if (change.key == setting.name)
          display_.print(
              fmt::format("kept: {} = {}, as {} has set it; `dialogferry ctl reset {}` takes it back\n",
                          setting.name, setting.value, setting.who, setting.name));
  }

  void show() {
    last_ = engine_->progress();
    pace_.observe(last_);
    display_.show(last_);
  }

  Exit report(const engine::Ending& ending) {
    if (options_.json)
      print_json(console_.out, last_, ending);
    else
      print_text(console_.out, last_);
    console_.out.flush();
    if (ending.failure) return console_.error(*ending.failure), failed;
    if (ending.stopped) return stopped;
    for (const auto& [row, day] : ending.not_over)
      console_.error(
          fmt::format("{}: {} is not over, and is read once it is", row, dialogferry::to_string(day)),
          "run again then, or without --until-idle");
    if (ending.exceptions + ending.parked_days + ending.held == 0)
      return ending.not_over.empty() ? done : remains;
    auto what = fmt::format("{} exceptions and {} parked days remain", ending.exceptions, ending.parked_days);
    if (ending.held > 0) what += fmt::format(", {} records wait for an API", ending.held);
    console_.error(what, fmt::format("`dialogferry exceptions list --config {}` and the status page tell why",
                                     options_.config.file));
    return remains;
  }

  const Console& console_;
  Config config_;
  const CarryOptions& options_;
  const Runtime& runtime_;
  ProgressDisplay display_;
  Logging logging_; // goes before the display it prints to
  Pace pace_;
  ProgressSnapshot last_;
  ServiceManager service_manager_;
  bool stopping_ = false;
  bool starts_anew_ = false;
  bool reload_due_ = false; ///< came while there was no engine
  Problem refused_ = {};    ///< why it could not start anew, the last time
  const Served* served_ = nullptr;
  std::unique_ptr<engine::Engine> engine_; // goes first
};

} // namespace

Exit carry(const Console& console, const LoadedConfig& loaded, const CarryOptions& options,
           const Runtime& runtime) {
  Run run(console, loaded, options, runtime);
  return run.end(run.run());
}

} // namespace dialogferry::cli
