// Messages of Altinn 2 by both hops against a server that costs almost nothing, beside a plain loop with the
// same requests; attachments from the archive to Correspondence, beside a plain upload of the same bytes;
// memory.
#include "support/engine_run.hpp"
#include "support/load_share.hpp"
#include "support/narrow_line.hpp"
#include "support/options.hpp"
#include "support/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <stdexcept>

namespace {

using namespace bench;

constexpr double mb = 1e6;
constexpr int most_upload_rounds = 3;
constexpr int most_waiting_rounds = 3;
constexpr int per_day = 4000; ///< messages

struct Options {
  bool quick = false;
  int rounds = 5;
  int records = 100'000;                   ///< a round
  std::vector<int> sizes{10'000, 500'000}; ///< of the histories that memory is compared of
  int files = 16;                          ///< of an upload
  std::uint64_t file_size = 64ULL << 20;   ///< bytes
  std::uint64_t large_file = 1ULL << 30;   ///< of which memory is compared with that of small ones
  int waiting_records = 40'000;            ///< a round with answers that take time
  double line_mb_per_s = 100;              ///< of the narrow line, as much as a network of 1 Gbit/s carries
  std::uint32_t upload_connections = 8;
  EngineSettings engine;
};

/// Fewer and smaller of everything: to see whether it works, not how fast it is.
void hurry(Options& options) {
  options.rounds = 2;
  options.records = 20'000;
  options.waiting_records = 8'000;
  options.sizes = {10'000, 50'000};
  options.files = 8;
  options.file_size = 16ULL << 20;
  options.large_file = 256ULL << 20;
}

/// What one program did in one turn.
struct Turn {
  double seconds = 0;
  double cpu_seconds = 0;
  double server_cpu_seconds = 0;
  double other_cpu_seconds = 0;
  double requests = 0; ///< without pages
  double migrated = 0;
  double uploads = 0;
  double rss_mb = 0;
};

double taken(const Simulator::Requests& before, const Simulator::Requests& after, std::string_view endpoint) {
  const auto of = [endpoint](const Simulator::Requests& requests) {
    const auto found = requests.taken.find(endpoint);
    return found == requests.taken.end() ? 0 : found->second;
  };
  return static_cast<double>(of(after) - of(before));
}

template <class Run>
Turn measured(const Simulator& simulator, Run run) {
  const auto before = simulator.requests();
  const auto cpu = simulator.cpu_seconds();
  const auto machine = machine_cpu_seconds();
  const Usage usage = run();
  const auto after = simulator.requests();
  Turn turn;
  turn.seconds = usage.seconds;
  turn.cpu_seconds = usage.cpu_seconds;
  turn.rss_mb = usage.rss_mb;
  turn.server_cpu_seconds = simulator.cpu_seconds() - cpu;
  turn.other_cpu_seconds =
      std::max(0.0, machine_cpu_seconds() - machine - turn.server_cpu_seconds - usage.cpu_seconds);
  turn.requests = static_cast<double>(after.total - before.total) -
                  taken(before, after, "GET /a2-archive/api/v1/messages");
  turn.migrated = taken(before, after, "POST /correspondence/api/v1/migration/correspondence");
  turn.uploads = taken(before, after, "POST /correspondence/api/v1/migration/attachment");
  return turn;
}

/// The plain loops, which must say that they have carried so much.
Usage run_straight(std::vector<std::string> options, std::uint64_t expected) {
  options.insert(options.begin(), STRAIGHT);
  Process process(options);
  const auto carried = process.line().value_or("nothing");
  const auto usage = process.wait();
  if (usage.status != 0 || carried != std::to_string(expected))
    throw std::runtime_error("the plain loop has carried " + carried);
  return usage;
}

template <class Value>
double median_of(const std::vector<Turn>& turns, Value value) {
  std::vector<double> values;
  for (const auto& turn : turns)
    values.push_back(value(turn));
  return median(std::move(values));
}

/// A sink whose archive has such a history; a share of its messages has a file.
Simulator archive_of(const History& history, int share_with_files = 0, std::uint64_t file_size = 1,
                     const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"--sink",
                                     "--messages-per-day",
                                     std::to_string(history.per_day),
                                     "--messages-attachments",
                                     std::to_string(share_with_files),
                                     "--messages-attachment-size",
                                     std::to_string(file_size)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return {history, arguments};
}

// -- records ------------------------------------------------------------------------

std::vector<std::string> plain_loop(const Simulator& simulator, const EngineSettings& engine) {
  const auto& history = simulator.history();
  return {"--url",
          simulator.url(),
          "--messages",
          "--from",
          to_string(history.first()),
          "--to",
          to_string(History::last),
          "--connections",
          std::to_string(engine.connections)};
}

void carry_records(Report& report, const Options& options) {
  const auto simulator = archive_of({std::max(1, options.records / per_day), per_day});
  const auto& history = simulator.history();
  const auto records = static_cast<double>(history.records());
  const auto plain = plain_loop(simulator, options.engine);
  run_straight(plain, history.records()); // warms the server up
  std::vector<Turn> engines;
  std::vector<Turn> loops;
  std::vector<double> ratios;
  std::vector<double> cpu_ratios;
  for (int round = 0; round < options.rounds; ++round) {
    engines.push_back(measured(simulator, [&] { return EngineRun(simulator, options.engine).finish(); }));
    loops.push_back(measured(simulator, [&] { return run_straight(plain, history.records()); }));
    ratios.push_back(loops.back().seconds / engines.back().seconds);
    cpu_ratios.push_back(engines.back().cpu_seconds / loops.back().cpu_seconds);
    std::fprintf(stderr, "  records/s: engine %.0f, plain loop %.0f\n", records / engines.back().seconds,
                 records / loops.back().seconds);
  }
  Turn middle;
  middle.seconds = median_of(engines, [](const Turn& turn) { return turn.seconds; });
  middle.cpu_seconds = median_of(engines, [](const Turn& turn) { return turn.cpu_seconds; });
  middle.server_cpu_seconds = median_of(engines, [](const Turn& turn) { return turn.server_cpu_seconds; });
  middle.other_cpu_seconds = median_of(engines, [](const Turn& turn) { return turn.other_cpu_seconds; });
  report.number("records_per_s", records / middle.seconds, 0)
      .number("ratio_to_straight", median(ratios), 3)
      .number("requests_per_record",
              median_of(engines, [&](const Turn& turn) { return turn.requests / records; }), 3)
      .number("cpu_us_per_record", middle.cpu_seconds / records * 1e6, 1)
      .number("cpu_ratio_to_straight", median(cpu_ratios), 2)
      .text("what_limits",
            what_limits({middle.cpu_seconds / middle.seconds, middle.server_cpu_seconds / middle.seconds,
                         middle.other_cpu_seconds / middle.seconds}))
      .number("straight_records_per_s",
              records / median_of(loops, [](const Turn& turn) { return turn.seconds; }), 0);
}

/// The same where answers take time, as those of a server elsewhere: 10 ms each, and 5 for each message that
/// is published (observed.md OC-3).
void carry_waiting_records(Report& report, const Options& options) {
  const auto simulator = archive_of({std::max(1, options.waiting_records / per_day), per_day}, 0, 1,
                                    {"--latency", "10ms", "--publish-time", "5ms"});
  const auto records = static_cast<double>(simulator.history().records());
  const auto plain = plain_loop(simulator, options.engine);
  std::vector<double> rates;
  std::vector<double> ratios;
  for (int round = 0; round < std::min(options.rounds, most_waiting_rounds); ++round) {
    const auto engine = EngineRun(simulator, options.engine).finish();
    const auto loop = run_straight(plain, simulator.history().records());
    rates.push_back(records / engine.seconds);
    ratios.push_back(loop.seconds / engine.seconds);
    std::fprintf(stderr, "  records/s where answers take time: engine %.0f, plain loop %.0f\n", rates.back(),
                 records / loop.seconds);
  }
  report.number("answer_time_records_per_s", median(rates), 0)
      .number("answer_time_ratio_to_straight", median(ratios), 3);
}

// -- files ----------------------------------------------------------------------------

/// Engine and plain clients with the same files, in turns.
struct Uploads {
  std::vector<double> mb_per_s; ///< of the engine
  std::vector<double> to_plain;
  std::vector<double> to_digesting; ///< a plain client that makes the MD5 of what it sends, too
};

std::vector<std::string> plain_upload(const Options& options, const std::string& url) {
  return {"--url",         url,
          "--uploads",     std::to_string(options.files),
          "--upload-size", std::to_string(options.file_size),
          "--connections", std::to_string(options.upload_connections)};
}

/// With Correspondence behind this address; on a narrow line a MD5 costs nobody any time.
Uploads upload(const Simulator& simulator, const Options& options, const std::string& url, bool with_md5) {
  const double bytes = static_cast<double>(options.file_size) * options.files;
  auto settings = options.engine;
  settings.connections = options.upload_connections;
  settings.correspondence = url;
  const auto plain = plain_upload(options, url);
  auto digesting = plain;
  digesting.emplace_back("--digest");
  const auto files = static_cast<std::uint64_t>(options.files);
  Uploads uploads;
  for (int round = 0; round < std::min(options.rounds, most_upload_rounds); ++round) {
    const auto engine = measured(simulator, [&] { return EngineRun(simulator, settings).finish(); });
    if (engine.uploads != options.files) throw std::runtime_error("a file was sent more than once, or never");
    const auto loop = run_straight(plain, files);
    uploads.mb_per_s.push_back(bytes / engine.seconds / mb);
    uploads.to_plain.push_back(loop.seconds / engine.seconds);
    std::fprintf(stderr, "  MB/s of files: engine %.0f, plain upload %.0f", uploads.mb_per_s.back(),
                 bytes / loop.seconds / mb);
    if (with_md5) {
      const auto slower = run_straight(digesting, files);
      uploads.to_digesting.push_back(slower.seconds / engine.seconds);
      std::fprintf(stderr, ", with MD5 %.0f", bytes / slower.seconds / mb);
    }
    std::fprintf(stderr, "\n");
  }
  return uploads;
}

void carry_files(Report& report, const Options& options) {
  const auto simulator = archive_of({1, options.files}, 1, options.file_size);
  const NarrowLine line(simulator.url(), options.line_mb_per_s * mb);
  const auto on_line = upload(simulator, options, line.url(), false);
  const auto at_once = upload(simulator, options, simulator.url(), true);
  report.number("upload_mb_per_s", median(on_line.mb_per_s), 0)
      .number("upload_ratio_to_plain", median(on_line.to_plain), 3)
      .number("line_mb_per_s", options.line_mb_per_s, 0)
      .number("loopback_upload_mb_per_s", median(at_once.mb_per_s), 0)
      .number("loopback_upload_ratio_to_plain", median(at_once.to_plain), 3)
      .number("loopback_upload_ratio_to_plain_with_md5", median(at_once.to_digesting), 3);
}

// -- memory ---------------------------------------------------------------------------

double rss_of(const Simulator& simulator, const EngineSettings& settings) {
  const auto usage = EngineRun(simulator, settings).finish();
  std::fprintf(stderr, "  %.1f MB for %llu records, %.1f s\n", usage.rss_mb,
               static_cast<unsigned long long>(simulator.history().records()), usage.seconds);
  return usage.rss_mb;
}

void compare_memory(Report& report, const Options& options) {
  constexpr int a_day = 1000;
  auto order = options.sizes; // up and down again, so that what the machine does besides falls on all of them
  order.insert(order.end(), std::next(options.sizes.rbegin()), options.sizes.rend());
  std::map<int, std::vector<double>> rss;
  for (const auto records : order)
    rss[records].push_back(rss_of(archive_of({records / a_day, a_day}), options.engine));
  std::vector<Report> sizes;
  for (const auto& [records, values] : rss) {
    sizes.emplace_back();
    sizes.back().number("records", records, 0).number("rss_mb", median(values), 1);
  }
  constexpr int files = 4;
  auto settings = options.engine;
  settings.connections = options.upload_connections;
  const auto small = rss_of(archive_of({1, files}, 1, 1 << 20), settings);
  const auto large = rss_of(archive_of({1, files}, 1, options.large_file), settings);
  const auto least = median(rss.begin()->second);
  const auto most = median(rss.rbegin()->second);
  report.number("rss_mb", most, 1)
      .number("rss_ratio", most / least, 3)
      .number("rss_growth_large_files_mb", large - small, 1)
      .list("sizes", std::move(sizes));
}

Report run(Options options) {
  if (options.quick) hurry(options);
  options.engine.row = message_row;
  std::fprintf(stderr, "correspondence: %d rounds of engine and plain loop, then files, then memory\n",
               options.rounds);
  Report report;
  carry_records(report, options);
  carry_waiting_records(report, options);
  carry_files(report, options);
  compare_memory(report, options);
  return report;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  CommandLine line("Messages of Altinn 2 by both hops, their attachments, memory.", "correspondence");
  line.app.add_flag("--quick", options.quick, "small and short: whether it works, not how fast it is");
  line.app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  line.app.add_option("--records", options.records, "a round")->check(CLI::Range(4000, 100'000'000));
  line.app.add_option("--files", options.files, "of an upload")->check(CLI::Range(1, 4000));
  line.app.add_option("--file-size", options.file_size, "bytes");
  line.app.add_option("--line", options.line_mb_per_s, "MB/s that the narrow line lets through")
      ->check(CLI::Range(1.0, 10'000.0))
      ->capture_default_str();
  line.app.add_option("--upload-connections", options.upload_connections)->capture_default_str();
  add_engine_options(line, options.engine);
  return line.run(argc, argv, [&] { return run(options); });
}
