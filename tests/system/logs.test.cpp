#include "ferry.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace dialogferry;
using namespace dialogferry::system;

namespace {

/// The lines of a log in JSON, by the record they are on; those on none by "".
std::map<std::string, std::vector<json::object>> lines_by_record(const std::string& log) {
  std::map<std::string, std::vector<json::object>> lines;
  std::istringstream in(log);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("{")) continue; // what the command itself says
    const auto object = json::parse(line).as_object();
    const auto* record = object.if_contains("record");
    lines[record != nullptr ? std::string(record->as_string()) : std::string()].push_back(object);
  }
  return lines;
}

} // namespace

TEST_CASE("Every record can be followed through the log by its id, and by the trace of its requests",
          "[system][logs]") {
  Platform platform({"--seed", "5", "--days", "2025-10-01..2025-10-01", "--per-day", "10", "--threads", "1"});
  platform.put_rule("late", R"({"api": "dialogporten", "method": "POST", "5xx": 0.3})");
  const Ferry ferry(platform, Days{"2025-10-01", "2025-10-01"});
  const auto ran = ferry.carry({"log.format=json", "log.level=trace"});
  const auto lines = lines_by_record(ran.err);
  const auto read = ferry.standing().counts.at("read");
  CHECK(lines.size() >= read); // and those on none
  std::set<std::string> traces;
  std::size_t tried_again = 0;
  for (const auto& [record, of_record] : lines) {
    if (record.empty()) continue;
    INFO(record);
    const auto trace = std::regex_replace(record.substr(record.find('/') + 1), std::regex("-"), "");
    traces.insert(trace);
    bool ended = false;
    for (const auto& line : of_record) {
      CHECK(line.at("trace").as_string() == trace.c_str());
      CHECK(line.at("row").as_string() == row);
      CHECK(line.at("day").as_string() == "2025-10-01");
      const auto message = std::string(line.at("message").as_string());
      ended = ended || message == "carried" || message == "cannot be carried";
      if (message == "answered") CHECK((line.contains("api") && line.contains("attempt")));
      if (message == "a request is to be sent again") ++tried_again;
    }
    CHECK(ended);
  }
  CHECK(traces.size() == read);
  CHECK(tried_again > 0);
  CHECK_FALSE(std::regex_search(ran.err, std::regex("[^0-9a-f-][0-9]{11}[^0-9a-f-]")));
}

TEST_CASE("At the usual level a run that goes well logs nothing on single records", "[system][logs]") {
  const Platform platform(
      {"--seed", "5", "--days", "2025-10-01..2025-10-01", "--per-day", "10", "--threads", "1"});
  const Ferry ferry(platform, Days{"2025-10-01", "2025-10-01"});
  const auto ran = ferry.carry({"log.format=json", "log.level=info"});
  for (const auto& [record, lines] : lines_by_record(ran.err))
    for (const auto& line : lines)
      if (!record.empty()) CHECK(line.at("message").as_string() == "cannot be carried");
}
