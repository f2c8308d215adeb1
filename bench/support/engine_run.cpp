#include "engine_run.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bench {

using namespace dialogferry;

std::string engine_program = ENGINE;

namespace {

constexpr std::string_view row = "a3-app-instances-historic";

std::string config_text(const Simulator& simulator, const EngineSettings& settings, const std::string& ledger,
                        Day from) {
  std::ostringstream text;
  text << "environment = \"local\"\n[engine]\nthreads = " << settings.threads
       << "\n[ledger]\nurl = \"sqlite:" << ledger << "\"\n";
  const auto api = [&](std::string_view name, std::string_view path) {
    text << "[apis." << name << "]\nbase_url = \"" << simulator.url() << path
         << "\"\nconnections = " << settings.connections << "\nrate = " << settings.rate << "\n";
  };
  api("storage", "");
  api("register", "");
  api("dialogporten", "/dialogporten");
  text << "[rows." << row << "]\nfrom = " << to_string(from) << "\ncutover = " << to_string(History::last)
       << "\norganisations = [\"" << History::organisation << "\"]\ncredit = " << settings.credit
       << "\nshards_in_flight = " << settings.shards_in_flight << "\n[status]\nlisten = \"127.0.0.1:0\"\n";
  if (settings.live)
    text << "[rows.a3-app-instances-live]\norganisations = [\"" << History::organisation << "\"]\n";
  return text.str();
}

std::uint64_t created_in(const std::string& ledger) {
  const auto opened = ledger::open("sqlite:" + ledger, "local", ledger::OpenMode::read_only, system_now());
  if (!opened) throw std::runtime_error(opened.error().message);
  const auto snapshot = (*opened)->snapshot();
  if (!snapshot) throw std::runtime_error(snapshot.error().message);
  Counts counts;
  for (const auto& stage : snapshot->stages)
    counts += stage.counts;
  return counts[Outcome::created];
}

} // namespace

EngineRun::EngineRun(const Simulator& simulator, const EngineSettings& settings)
    : EngineRun(simulator, settings, {}, simulator.history().first()) {}

EngineRun::EngineRun(const Simulator& simulator, const EngineSettings& settings, const std::string& ledger,
                     Day from)
    : ledger_(ledger.empty() ? folder_.file("ferry.db") : ledger)
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
  const auto created = created_in(ledger_);
  if (created < records_)
    fail("the engine has carried " + std::to_string(created) + " of " + std::to_string(records_) +
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
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (std::chrono::steady_clock::now() < deadline) {
    std::ifstream errors(folder_.file("errors"));
    for (std::string line; std::getline(errors, line);)
      if (line.starts_with(before)) return line.substr(before.size());
    require_running();
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  fail("the engine does not listen");
}

void EngineRun::fail(const std::string& what) const {
  std::ostringstream errors;
  errors << what << '\n' << std::ifstream(folder_.file("errors")).rdbuf();
  throw std::runtime_error(errors.str());
}

} // namespace bench
