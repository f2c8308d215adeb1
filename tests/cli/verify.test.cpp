#include "scratch.hpp"

#include <dialogferry/cli/commands.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <deque>
#include <future>
#include <sstream>

using namespace dialogferry;
using namespace dialogferry::cli;
using Catch::Contains;
using engine::verify::ComparedDay;
using engine::verify::VerifyTask;

namespace {

Day day(const char* text) {
  return *parse_day(text);
}

ComparedDay compared(const char* of) {
  ComparedDay result;
  auto& verification = result.verification;
  verification.row = "a3-app-instances-historic";
  verification.day = day(of);
  verification.source = 1993;
  verification.target = 1993;
  verification.compared = 1993;
  return result;
}

ComparedDay differing(const char* of) {
  auto result = compared(of);
  result.verification.stale = 1;
  auto& difference = result.verification.first.emplace_back();
  difference.kind = ledger::DifferenceKind::stale;
  difference.record_id = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";
  difference.dialog = *parse_uuid("019781c0-0ac8-7bff-83bc-131e7988a1bb");
  difference.member = "updatedAt";
  difference.source = "2025-11-14T09:12:40Z";
  difference.target = "2025-11-14T08:12:40Z";
  return result;
}

ComparedDay failing(const char* of) {
  auto result = compared(of);
  result.verification.source = result.verification.target = result.verification.compared = 0;
  result.problem = Problem{"storage", "answers 500: a row cannot be read", {}};
  return result;
}

/// The command with days that are compared as the test says.
struct Stage {
  Scratch folder;
  std::string file = folder.write("ferry.toml", R"(environment = "local"
[apis.storage]
base_url = "http://127.0.0.1:1"
[apis.register]
base_url = "http://127.0.0.1:1"
[apis.dialogporten]
base_url = "http://127.0.0.1:1"
[rows.a3-app-instances-historic]
from = 2025-03-01
cutover = 2025-11-14
)");
  std::deque<ComparedDay> days;
  std::optional<Problem> refusal;
  std::optional<VerifyTask> task;
  std::deque<int> signals;
  bool is_listening = true;
  std::promise<void> all_heard; ///< of the signals, and acted upon
  std::ostringstream out;
  std::ostringstream err;

  Exit verify(VerifyOptions options = {}) {
    Runtime runtime;
    const bool interrupted = !signals.empty();
    const auto heard = all_heard.get_future();
    runtime.verify = [&](const Config&, const VerifyTask& given,
                         const std::function<bool(const ComparedDay&)>& each) -> Result<void> {
      task = given;
      if (refusal) return tl::unexpected(*refusal);
      if (interrupted) CHECK(heard.wait_for(std::chrono::seconds{10}) == std::future_status::ready);
      for (const auto& one : days)
        if (!each(one)) break;
      return {};
    };
    runtime.wait_signal = [this](std::chrono::milliseconds) -> std::optional<int> {
      if (signals.empty()) {
        if (std::exchange(is_listening, false)) all_heard.set_value();
        return std::nullopt;
      }
      const auto next = signals.front();
      signals.pop_front();
      return next;
    };
    std::istringstream in;
    options.config.file = file;
    options.row = "a3-app-instances-historic";
    if (options.from == Day{}) options.from = day("2025-11-13");
    options.to = day("2025-11-14");
    return cli::verify(Console{in, out, err}, options, runtime);
  }
};

} // namespace

TEST_CASE("Days that agree end with status 0, a line each", "[cli][verify]") {
  Stage stage;
  stage.days = {compared("2025-11-14"), compared("2025-11-13")};
  CHECK(stage.verify() == Exit::done);
  CHECK(stage.task->from == day("2025-11-13"));
  CHECK(stage.task->to == day("2025-11-14"));
  CHECK_FALSE(stage.task->repair);
  CHECK_THAT(stage.out.str(), Contains("a3-app-instances-historic 2025-11-14  by search: 1993 records, 1993 "
                                       "dialogs, 1993 compared: no difference"));
  CHECK_THAT(stage.err.str(), Contains("by search: id, createdAt"));
}

TEST_CASE("Differences are told with member and both values, and end with status 3", "[cli][verify]") {
  Stage stage;
  stage.days = {differing("2025-11-14"), compared("2025-11-13")};
  CHECK(stage.verify() == Exit::remains);
  CHECK_THAT(stage.out.str(), Contains(": 1 stale\n"));
  CHECK_THAT(stage.out.str(), Contains("updatedAt is 2025-11-14T08:12:40Z, must be 2025-11-14T09:12:40Z"));
}

TEST_CASE("What was repaired is said, and is nothing that remains", "[cli][verify]") {
  Stage stage;
  auto repaired = differing("2025-11-14");
  repaired.verification.repaired = 1;
  repaired.verification.first[0].repaired = true;
  stage.days = {repaired};
  VerifyOptions options;
  options.repair = true;
  CHECK(stage.verify(options) == Exit::done);
  CHECK(stage.task->repair);
  CHECK_THAT(stage.out.str(), Contains("1 stale; 1 of them repaired"));
}

TEST_CASE("A day that cannot be compared is named, with what to do, and the others are compared",
          "[cli][verify]") {
  Stage stage;
  stage.days = {failing("2025-11-14"), compared("2025-11-13")};
  CHECK(stage.verify() == Exit::failed);
  CHECK_THAT(stage.out.str(), Contains("a3-app-instances-historic 2025-11-14  could not be compared\n"));
  CHECK_THAT(stage.out.str(), Contains("2025-11-13  by search: 1993 records"));
  CHECK_THAT(stage.err.str(), Contains("2025-11-14") && Contains("answers 500: a row cannot be read"));
  CHECK_THAT(stage.err.str(), Contains("hint: ") && Contains("A day cannot be compared"));
}

TEST_CASE("Programs get the same as JSON", "[cli][verify]") {
  Stage stage;
  stage.days = {differing("2025-11-14"), failing("2025-11-13")};
  VerifyOptions options;
  options.format = "json";
  CHECK(stage.verify(options) == Exit::failed);
  CHECK_THAT(stage.out.str(), Contains(R"("day":"2025-11-14")") || Contains(R"("day": "2025-11-14")"));
  CHECK_THAT(stage.out.str(), Contains("answers 500: a row cannot be read"));
  CHECK_THAT(stage.out.str(), Contains("50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb"));
}

TEST_CASE("The first signal lets the day be finished, and begins no other", "[cli][verify]") {
  Stage stage;
  stage.days = {compared("2025-11-14"), compared("2025-11-13")};
  stage.signals = {SIGINT};
  CHECK(stage.verify() == Exit::stopped);
  CHECK_THAT(stage.out.str(), Contains("2025-11-14") && !Contains("2025-11-13"));
  CHECK_THAT(stage.err.str(), Contains("stopping after this day"));
}

TEST_CASE("Nothing is compared where the days are in the wrong order", "[cli][verify]") {
  Stage stage;
  VerifyOptions options;
  options.from = day("2025-11-15");
  CHECK(stage.verify(options) == Exit::usage);
  CHECK_FALSE(stage.task);
  CHECK_THAT(stage.err.str(), Contains("--from 2025-11-15 is after --to 2025-11-14"));
}

TEST_CASE("What cannot be compared at all says why", "[cli][verify]") {
  Stage stage;
  stage.refusal = Problem{"--row", "has no days that can be compared", "compare another"};
  CHECK(stage.verify() == Exit::failed);
  CHECK_THAT(stage.err.str(), Contains("has no days that can be compared") && Contains("compare another"));
}
