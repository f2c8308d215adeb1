// How soon the page answers while the engine runs as fast as it can on a ledger of twenty years, with readers
// of its events connected, and what they cost the engine: runs with them and without in turns.
#include "support/engine_run.hpp"
#include "support/event_readers.hpp"
#include "support/filled_ledger.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <dialogferry/http/client.hpp>
#include <dialogferry/status/render.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

namespace {

using namespace bench;
using namespace dialogferry;
using Clock = std::chrono::steady_clock;

struct Options {
  int rounds = 3;
  int records = 150'000;
  int readers = 200;
  int years = 20;
  int page_every_ms = 50;
  EngineSettings engine;
};

const std::string forms_row = "a2-archived-forms-historic";

/// Every row over the same years; those that the simulator's history is not of have nothing left to carry.
std::string other_rows(Day from) {
  const auto rows = [&](std::string_view id) {
    return fmt::format("[rows.{}]\nfrom = {}\ncutover = {}\n", id, to_string(from), to_string(History::last));
  };
  return rows(forms_row) + fmt::format("organisations = [\"{}\"]\n", History::organisation) +
         rows(message_row);
}

void fill_ledger(const std::string& path, Day from, Day first) {
  const auto ledger = ledger::open("sqlite:" + path, "local", ledger::OpenMode::engine, system_now());
  if (!ledger) throw std::runtime_error(ledger.error().message);
  const std::vector<std::string> owner{std::string(History::organisation)};
  fill(**ledger, {std::string(historic_row), "carry", from, first.previous(), owner}, system_now());
  fill(**ledger, {forms_row, "carry", from, History::last, owner}, system_now());
  for (const auto* stage : {"migrate", "publish"})
    fill(**ledger, {std::string(message_row), stage, from, History::last, {"all"}}, system_now());
}

/// Asks for the page now and then, and notes how long each answer took.
class PageReader {
public:
  PageReader(const std::string& address, std::chrono::milliseconds every)
      : every_(every) {
    http::ClientOptions options;
    options.base_url = address;
    options.connections = 1;
    client_ = http::Client::create(pool_, std::move(options)).value();
    thread_ = std::thread([this] { run(); });
  }
  ~PageReader() { stop(); }
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  void stop() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::vector<double> milliseconds;
  double bytes = 0;

private:
  void run() {
    while (!over_) {
      ask();
      std::this_thread::sleep_for(every_);
    }
  }

  void ask() {
    auto request = std::make_shared<http::Request>();
    request->target = "/?lang=en";
    std::promise<http::Answer> promise;
    const auto begin = Clock::now();
    client_->send(request, [&](http::Answer answer) { promise.set_value(std::move(answer)); });
    const auto answer = promise.get_future().get();
    if (!answer || answer->status != 200) return; // the engine is at its end
    milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    bytes = static_cast<double>(answer->body.size());
  }

  http::IoPool pool_{1};
  std::chrono::milliseconds every_;
  std::unique_ptr<http::Client> client_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

struct Turn {
  double records_per_second = 0;
  double cpu_us_per_record = 0;
  std::vector<double> milliseconds; ///< of the page
  double page_bytes = 0;
  double event_bytes = 0; ///< of one reader, a second
  std::size_t open = 0;   ///< readers at the end
};

Turn turn(const Simulator& simulator, const Options& options, bool read) {
  const Folder folder;
  const auto path = folder.file("ferry.db");
  const Day first = simulator.history().first();
  const Day from{History::last.number - options.years * 365};
  fill_ledger(path, from, first);
  auto settings = options.engine;
  settings.more = other_rows(from);
  Turn turn;
  EngineRun engine(simulator, settings, path, from);
  std::optional<EventReaders> readers;
  std::optional<PageReader> page;
  if (read) {
    const auto address = engine.address();
    readers.emplace(address, "/api/events?view=page&lang=en", static_cast<std::size_t>(options.readers));
    page.emplace(address, std::chrono::milliseconds{options.page_every_ms});
    std::this_thread::sleep_for(std::chrono::seconds{2});
    turn.open = readers->open();
  }
  const auto usage = engine.finish();
  const auto records = static_cast<double>(simulator.history().records());
  turn.records_per_second = records / usage.seconds;
  turn.cpu_us_per_record = usage.cpu_seconds / records * 1e6;
  if (!read) return turn;
  page->stop();
  turn.milliseconds = page->milliseconds;
  turn.page_bytes = page->bytes;
  turn.event_bytes = static_cast<double>(readers->bytes()) / options.readers / usage.seconds;
  if (turn.open < static_cast<std::size_t>(options.readers))
    throw std::runtime_error(fmt::format("only {} readers of events stayed connected", turn.open));
  return turn;
}

Config config_of(Day from) {
  Config config;
  for (const auto& id : {std::string(historic_row), forms_row, std::string(message_row)}) {
    auto& row = config.rows.at(id);
    row.enabled = true;
    row.from = from;
    row.cutover = History::last;
  }
  return config;
}

/// The time of one call, the middle of some.
template <class Call>
double milliseconds_of(Call call) {
  std::vector<double> times;
  for (int i = 0; i < 15; ++i) {
    const auto begin = Clock::now();
    call();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  return median(std::move(times));
}

/// What a view costs by itself: reading the ledger, the model, the whole page, the parts of an event.
void views(Report& report, const Options& options) {
  const Folder folder;
  const Day from{History::last.number - options.years * 365};
  fill_ledger(folder.file("ferry.db"), from, History::last);
  const auto ledger =
      ledger::open("sqlite:" + folder.file("ferry.db"), "local", ledger::OpenMode::read_only, system_now())
          .value();
  const auto snapshot = ledger->snapshot().value();
  const auto config = config_of(from);
  const auto model = status::make_status(snapshot, config, nullptr, system_now());
  report.number("snapshot_ms", milliseconds_of([&] { (void)ledger->snapshot(); }), 2)
      .number("model_ms",
              milliseconds_of([&] { (void)status::make_status(snapshot, config, nullptr, system_now()); }), 2)
      .number("render_ms", milliseconds_of([&] { (void)render_html(model, status::Language::en, true); }), 2);
}

double quantile(std::vector<double> values, double of) {
  if (values.empty()) throw std::runtime_error("the page was never answered");
  std::sort(values.begin(), values.end());
  return values.at(static_cast<std::size_t>(of * static_cast<double>(values.size() - 1)));
}

Report run(const Options& options) {
  const Simulator simulator({std::max(1, options.records / 4000), 4000}, {"--sink"});
  std::fprintf(stderr, "page: %d rounds without and with %d readers, %d years\n", options.rounds,
               options.readers, options.years);
  turn(simulator, options, false); // warms the server up
  std::vector<double> alone, beside, falls, cpu, milliseconds;
  Turn last;
  for (int round = 0; round < options.rounds; ++round) {
    const auto without = turn(simulator, options, false);
    last = turn(simulator, options, true);
    alone.push_back(without.records_per_second);
    beside.push_back(last.records_per_second);
    falls.push_back(1 - last.records_per_second / without.records_per_second);
    cpu.push_back(last.cpu_us_per_record / without.cpu_us_per_record);
    milliseconds.insert(milliseconds.end(), last.milliseconds.begin(), last.milliseconds.end());
    std::fprintf(stderr, "  records/s: %.0f alone, %.0f with readers\n", alone.back(), beside.back());
  }
  Report report;
  report.number("page_p50_ms", quantile(milliseconds, 0.5), 2)
      .number("page_p99_ms", quantile(milliseconds, 0.99), 2)
      .number("page_kb", last.page_bytes / 1000, 1)
      .number("event_kb_per_s", last.event_bytes / 1000, 2)
      .number("records_per_s_alone", median(alone), 0)
      .number("records_per_s_with_readers", median(beside), 0)
      .number("share_lost", median(falls), 4)
      .number("cpu_ratio", median(cpu), 3);
  views(report, options);
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("How soon the page answers beside an engine at full speed, and what its readers cost.",
                   "page");
  line.app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  line.app.add_option("--records", options.records, "a run")->check(CLI::Range(4000, 100'000'000));
  line.app.add_option("--readers", options.readers)->check(CLI::Range(1, 280))->capture_default_str();
  line.app.add_option("--years", options.years)->check(CLI::Range(1, 150))->capture_default_str();
  line.app.add_option("--page-every-ms", options.page_every_ms)
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
