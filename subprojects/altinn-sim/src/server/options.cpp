#include "options.hpp"

#include "storage/time.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace altinn_sim {

namespace {

struct Unit {
  std::string_view name;
  double microseconds;
};

constexpr std::array<Unit, 5> units{{{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}}};

/// A CLI11 check says what is wrong, or nothing.
std::string duration_problem(const std::string& text) {
  return parse_duration(text) ? "" : "'" + text + "' is no duration such as 20ms or 1.5s";
}

std::string days_problem(const std::string& text) {
  if (parse_days(text)) return "";
  return "'" + text + "' is no range of days, first to last, such as 2025-01-01..2025-11-20";
}

/// Of digits and points: up to nine digits, and up to six behind a point.
bool is_decimal(std::string_view number) {
  const auto whole = std::min(number.find('.'), number.size());
  const auto fraction = number.substr(whole); // with its point
  return whole >= 1 && whole <= 9 && fraction.size() != 1 && fraction.size() <= 7 &&
         std::count(fraction.begin(), fraction.end(), '.') <= 1;
}

} // namespace

std::optional<std::pair<std::int64_t, std::int64_t>> parse_days(const std::string& text) {
  const auto between = text.find("..");
  if (between == std::string::npos) return std::nullopt;
  const auto first = storage::parse_day(std::string_view(text).substr(0, between));
  const auto last = storage::parse_day(std::string_view(text).substr(between + 2));
  if (!first || !last || *first > *last) return std::nullopt;
  return std::pair(*first, *last);
}

std::optional<std::chrono::microseconds> parse_duration(const std::string& text) {
  const auto written = std::string_view(text).substr(0, text.find_first_not_of("0123456789."));
  const auto name = std::string_view(text).substr(written.size());
  const auto found =
      std::find_if(units.begin(), units.end(), [name](const auto& each) { return each.name == name; });
  if (found == units.end() || !is_decimal(written)) return std::nullopt;
  const auto number = std::stod(std::string(written));
  return std::chrono::microseconds(static_cast<std::int64_t>(number * found->microseconds));
}

Reading read_options(int argc, const char* const* argv) {
  Options options;
  std::string days;
  std::string forms_days;
  std::string messages_days;
  std::string import_time;
  std::string latency;
  std::string write_time;
  std::string publish_time;
  std::string job_time;
  CLI::App app("Simulates Altinn Storage, Events, Register, Dialogporten, Correspondence and the archive of "
               "Altinn 2 on "
               "one port of this machine.",
               "altinn-sim");
  app.add_option("--seed", options.seed, "what the generated history follows from")->capture_default_str();
  app.add_option("--days", days, "the days of the history: FIRST..LAST")
      ->check(days_problem, "DAYS")
      ->default_str("2025-01-01..2025-11-20");
  app.add_option("--per-day", options.per_day, "records per organisation and day")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  app.add_option("--organisations", options.organisations, "how many")
      ->check(CLI::Range(0, 32))
      ->capture_default_str();
  app.add_option("--forms-per-day", options.forms_per_day,
                 "archived forms of Altinn 1 and 2 per organisation and day")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  app.add_option("--forms-days", forms_days, "the days of the forms: FIRST..LAST, by default those of --days")
      ->check(days_problem, "DAYS");
  app.add_option("--forms-unfinished", options.forms_unfinished,
                 "share of forms that were never completed and must be left out")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--forms-half-done", options.forms_late,
                 "share of forms that have no events until some time after these are first asked for")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--import-time", import_time, "how long that is")
      ->check(duration_problem, "DURATION")
      ->default_str("3s");
  app.add_option("--messages-per-day", options.messages_per_day, "messages a day in the archive of Altinn 2")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  app.add_option("--messages-days", messages_days,
                 "the days of the messages: FIRST..LAST, by default those of --days")
      ->check(days_problem, "DAYS");
  app.add_option("--messages-attachments", options.messages_attachments, "share of messages with attachments")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--messages-unfit", options.messages_unfit, "share of messages that must become exceptions")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--messages-attachment-size", options.messages_attachment_size,
                 "with --sink: bytes of each attachment")
      ->capture_default_str();
  app.add_option("--poison", options.poison, "share of records that cannot be carried")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--port", options.port, "0 = any free port")->capture_default_str();
  app.add_option("--fixtures", options.fixtures, "folder of stored records to serve as well")
      ->check(CLI::ExistingDirectory);
  app.add_option("--faults", options.faults, "what goes wrong, as JSON")->check(CLI::ExistingFile);
  app.add_option(
         "--maskinporten", options.maskinporten,
         "clients, as JSON: serves /token and Altinn's exchange, and asks every API's callers for a token")
      ->check(CLI::ExistingFile);
  app.add_option("--latency", latency, "delays every answer, 20ms")->check(duration_problem, "DURATION");
  app.add_option(
         "--places", options.places,
         "Dialogporten works on so many requests at once, for the latency each; the others wait, 0 = none")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  app.add_option(
         "--write-time", write_time,
         "a write of Dialogporten that others can meet takes so long: new actor names, idempotent keys, "
         "changes of one dialog; 0ms = they never meet")
      ->check(duration_problem, "DURATION")
      ->default_str("3ms");
  app.add_option("--publish-time", publish_time,
                 "a dialog takes so long in Correspondence's publish; no time with --sink")
      ->check(duration_problem, "DURATION")
      ->default_str("4ms");
  app.add_option("--job-time", job_time,
                 "a job of Correspondence takes so long; within it, it acts at any time")
      ->check(duration_problem, "DURATION")
      ->default_str("20ms");
  app.add_option("--threads", options.threads, "event loops")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_flag("--gzip", options.gzip, "compress answers for those who accept it");
  app.add_flag("--sink", options.sink, "answer from precomputed pieces, check nothing");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error) == 0 ? 0 : 2};
  }
  if (!days.empty()) std::tie(options.first_day, options.last_day) = *parse_days(days);
  if (!forms_days.empty()) options.forms_days = parse_days(forms_days);
  if (!messages_days.empty()) options.messages_days = parse_days(messages_days);
  if (!import_time.empty()) options.import_time = *parse_duration(import_time);
  if (!latency.empty()) options.latency = *parse_duration(latency);
  if (!write_time.empty()) options.write_time = *parse_duration(write_time);
  if (!publish_time.empty()) options.publish_time = *parse_duration(publish_time);
  if (!job_time.empty()) options.job_time = *parse_duration(job_time);
  return {options, 0};
}

} // namespace altinn_sim
