#include "engine_run.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bench {

using namespace dialogferry;

std::string engine_program = ENGINE;

namespace {

constexpr std::chrono::seconds start_time{20};

std::string config_text(const Simulator& simulator, const EngineSettings& settings, const std::string& ledger,
                        Day from) {
  std::ostringstream text;
  text << "environment = \"local\"\n[engine]\nthreads = " << settings.threads << "\n[ledger]\nurl = \""
       << ledger << "\"\n";
  const auto api = [&](std::string_view name, std::string_view path, std::string_view elsewhere = {}) {
    text << "[apis." << name << "]\nbase_url = \"" << (elsewhere.empty() ? simulator.url() : elsewhere)
         << path << "\"\nconnections = " << settings.connections
         << "\nadaptive = " << (settings.adaptive ? "true" : "false") << "\nrate = " << settings.rate
         << "\nburst = " << settings.burst << "\n";
  };
  api("storage", "");
  api("register", "");
  api("dialogporten", "/dialogporten");
  api("a2_archive", "");
  api("correspondence", "", settings.correspondence);
  const bool is_of_owners = settings.row != message_row;
  const auto organisations =
      is_of_owners ? "\norganisations = [\"" + std::string(History::organisation) + "\"]\n" : "\n";
  text << "[rows." << settings.row << "]\nfrom = " << to_string(from)
       << "\ncutover = " << to_string(History::last) << organisations << "credit = " << settings.credit
       << "\nshards_in_flight = " << settings.shards_in_flight << "\n[status]\nlisten = \"127.0.0.1:0\"\n";
  // The second look at what seems gone would otherwise be the longest part of the run.
  if (settings.live)
    text << "[rows." << live_row << "]" << organisations << "[mapping]\npurge_confirm = \"2s\"\n";
  text << settings.more;
  return text.str();
}

std::unique_ptr<ledger::Ledger> open_to_read(const std::string& ledger) {
  auto opened = ledger::open(ledger, "local", ledger::OpenMode::read_only, system_now());
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(*opened);
}

ledger::Snapshot snapshot_of(const ledger::Ledger& ledger) {
  auto snapshot = ledger.snapshot();
  if (!snapshot) throw std::runtime_error(snapshot.error().message);
  return std::move(*snapshot);
}

/// Through every stage of the row.
/// The whole simulator has records that are not to be carried, or whose dialogs are deleted at once; the sink
/// has none.
std::uint64_t carried_in(const std::string& ledger, std::string_view row) {
  const auto counts = ledger::counts_of(snapshot_of(*open_to_read(ledger)), row);
  return counts.read() - counts[Outcome::failed] - counts[Outcome::deferred];
}

} // namespace

EngineRun::EngineRun(const Simulator& simulator, const EngineSettings& settings)
    : EngineRun(simulator, settings, {}, simulator.history().first()) {}

EngineRun::EngineRun(const Simulator& simulator, const EngineSettings& settings, const std::string& ledger,
                     Day from)
    : ledger_(!settings.ledger.empty() ? settings.ledger
                                       : "sqlite:" + (ledger.empty() ? folder_.file("ferry.db") : ledger))
    , row_(settings.row)
    , records_(simulator.history().records()) {
  const auto config = folder_.file("ferry.toml");
  std::ofstream(config) << config_text(simulator, settings, ledger_, from);
  std::vector<std::string> command{engine_program, "run", "--config", config, "--no-progress"};
  if (!settings.live) command.emplace_back("--until-idle");
  process_ = std::make_unique<Process>(command, folder_.file("errors"));
}

Usage EngineRun::finish() {
  const auto usage = process_->wait();
  if (usage.status != 0) fail("the engine ended with status " + std::to_string(usage.status));
  const auto carried = carried_in(ledger_, row_);
  if (carried < records_)
    fail("the engine has carried " + std::to_string(carried) + " of " + std::to_string(records_) +
         " records");
  return usage;
}

Usage EngineRun::stop() {
  return process_->stop(SIGINT, std::chrono::seconds{40});
}

void EngineRun::require_running() {
  if (process_->ended()) fail("the engine has ended too early");
}

std::string EngineRun::address() {
  constexpr std::string_view before = "listening on ";
  const auto until = std::chrono::steady_clock::now() + start_time;
  while (std::chrono::steady_clock::now() < until) {
    std::ifstream errors(folder_.file("errors"));
    for (std::string line; std::getline(errors, line) && !errors.eof();)
      if (line.rfind(before, 0) == 0) return line.substr(before.size());
    require_running();
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  fail("the engine does not say where it listens");
}

RowTally EngineRun::tally(std::string_view row) const {
  const auto ledger = open_to_read(ledger_);
  const auto waiting = ledger->waiting(row);
  if (!waiting) throw std::runtime_error(waiting.error().message);
  RowTally tally;
  tally.waiting = waiting->records;
  const auto snapshot = snapshot_of(*ledger);
  for (const auto& stage : snapshot.stages)
    if (stage.row == row) tally.read += stage.counts.read();
  ledger::ExceptionFilter filter;
  filter.row = row;
  filter.states = {ledger::ExceptionState::open, ledger::ExceptionState::retrying};
  filter.limit = 3;
  const auto exceptions = ledger->exceptions(filter);
  if (!exceptions) throw std::runtime_error(exceptions.error().message);
  for (const auto& one : *exceptions)
    tally.exceptions += "\n  " + one.record_id + " (" + std::string(name_of(one.state)) +
                        "): " + one.problem.member + ' ' + one.problem.message + ' ' + one.body_excerpt;
  return tally;
}

void EngineRun::fail(const std::string& what) const {
  std::ostringstream errors;
  errors << what << '\n' << std::ifstream(folder_.file("errors")).rdbuf();
  throw std::runtime_error(errors.str());
}

} // namespace bench
