#include "ferry.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace dialogferry::system {

namespace {

constexpr std::chrono::minutes patience{4}; // longer than a run waits for what an API could not take
constexpr std::chrono::milliseconds look_every{5};

constexpr const char* config = R"(environment = "local"
[ledger]
url = "{2}"
[status]
listen = "127.0.0.1:0"
[log]
level = "warning"
[apis.storage]
base_url = "{0}"
rate = 0
[apis.register]
base_url = "{0}"
rate = 0
[apis.dialogporten]
base_url = "{0}/dialogporten"
rate = 0
[apis.a2_archive]
base_url = "{0}"
rate = 0
[apis.correspondence]
base_url = "{0}"
rate = 0
{1}
)";

std::vector<std::string> carrying(const std::vector<std::string>& sets) {
  std::vector<std::string> arguments = {"run", "--until-idle", "--no-progress"};
  for (const auto& set : sets)
    arguments.insert(arguments.end(), {"--set", set});
  return arguments;
}

} // namespace

std::uint64_t Standing::outcomes() const {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : counts)
    if (name != "read") sum += count;
  return sum;
}

Ferry::Ferry(const Platform& platform, const Days& days, const std::string& settings,
             const std::string& ledger) {
  configure(platform,
            fmt::format("[rows.{}]\norganisations = []\nfrom = {}\ncutover = {}\n{}\n", row, days.from,
                        days.to, settings),
            ledger);
}

Ferry::Ferry(const Platform& platform, const std::string& rows, const std::string& ledger) {
  configure(platform, rows, ledger);
}

void Ferry::configure(const Platform& platform, const std::string& rows, const std::string& ledger) const {
  folder_.write("ferry.toml", fmt::format(config, platform.base_url(), rows, ledger));
}

Outputs Ferry::outputs() const {
  return {file(fmt::format("out-{}", started_)), file(fmt::format("err-{}", started_))};
}

std::unique_ptr<Process> Ferry::begin(std::vector<std::string> arguments) const {
  ++started_;
  arguments.insert(arguments.end(), {"--config", file("ferry.toml")});
  return std::make_unique<Process>(FERRY, arguments, outputs());
}

Ran Ferry::run(std::vector<std::string> arguments) const {
  const auto process = begin(std::move(arguments));
  const auto exit = process->wait_for(patience);
  if (!exit) throw std::runtime_error("dialogferry does not end: " + contents(outputs().err));
  return {*exit, contents(outputs().out), contents(outputs().err)};
}

Ran Ferry::carry(const std::vector<std::string>& sets) const {
  return run(carrying(sets));
}

std::unique_ptr<Process> Ferry::start(const std::vector<std::string>& sets) const {
  return begin(carrying(sets));
}

std::unique_ptr<Process> Ferry::stay(const std::vector<std::string>& sets) const {
  std::vector<std::string> arguments = {"run", "--no-progress"};
  for (const auto& set : sets)
    arguments.insert(arguments.end(), {"--set", set});
  return begin(std::move(arguments));
}

std::unique_ptr<Process> Ferry::start_on_disk_of(int kilobytes) const {
  ++started_;
  std::vector<std::string> arguments = {
      "-c", fmt::format("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kilobytes), FERRY};
  const auto carry = carrying({});
  arguments.insert(arguments.end(), carry.begin(), carry.end());
  arguments.insert(arguments.end(), {"--config", file("ferry.toml")});
  return std::make_unique<Process>("/bin/bash", arguments, outputs());
}

Standing Ferry::standing(std::string_view id) const {
  const auto status = json::parse(run({"status", "--format", "json"}).out);
  for (const auto& each : status.at("rows").as_array()) {
    if (each.at("id").as_string() != json::string_view(id.data(), id.size())) continue;
    const auto number = [](const json::value& value) { return value.to_number<std::uint64_t>(); };
    Standing standing;
    for (const auto& [name, count] : each.at("counts").as_object())
      standing.counts[std::string(name)] = number(count);
    standing.planned = number(each.at("days").at("planned"));
    standing.complete = number(each.at("days").at("complete"));
    standing.parked = number(each.at("days").at("parked"));
    standing.open_exceptions = number(each.at("open_exceptions"));
    if (const auto& day = each.at("migrated_back_to"); day.is_string())
      standing.migrated_back_to = day.as_string();
    for (const auto& day : each.at("exceptions").as_array())
      standing.exceptions.emplace_back(day.as_string());
    return standing;
  }
  throw std::runtime_error("the status names no row " + std::string(id));
}

json::array Ferry::exceptions() const {
  return json::parse(run({"exceptions", "list", "--state", "all", "--json"}).out).as_array();
}

bool wait_for_writes(Platform& platform, Process& engine, std::uint64_t writes) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (platform.requests("dialogporten") < writes)
    if (std::chrono::steady_clock::now() > deadline || engine.wait_for(look_every)) return false;
  return true;
}

std::string disagreement(Platform& platform, const Ferry& ferry, std::string_view id) {
  const auto audit = platform.audit(id);
  const auto standing = ferry.standing(id);
  std::string found;
  const auto equal = [&](std::string_view what, std::uint64_t is, std::uint64_t must_be) {
    if (is != must_be) found += fmt::format("{} is {}, must be {}\n", what, is, must_be);
  };
  equal("missing", audit.missing, 0);
  equal("doubled", audit.doubled, 0);
  equal("stale", audit.stale, 0);
  equal("wrong", audit.wrong, 0);
  equal("present", audit.present, audit.expected);
  equal("read", standing.counts.at("read"), audit.records());
  equal("the sum of the outcomes", standing.outcomes(), audit.records());
  equal("excluded", standing.counts.at("excluded"), audit.excluded);
  equal("failed", standing.counts.at("failed"), audit.failed);
  equal("deferred", standing.counts.at("deferred"), 0);
  equal("exceptions", standing.open_exceptions, audit.failed);
  equal("days complete", standing.complete, standing.planned);
  equal("days parked", standing.parked, 0);
  return found;
}

} // namespace dialogferry::system
