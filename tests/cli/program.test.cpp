#include "run.hpp"
#include "scratch.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using Catch::Contains;

namespace {

const std::string row = "a3-app-instances-historic";
const Day day = *parse_day("2025-03-04");

/// A configuration beside a ledger with two exceptions and a parked shard.
class Carried {
public:
  Carried() {
    config = folder.write("ferry.toml", "environment = \"local\"\n");
    auto ledger = *ledger::open("sqlite:" + folder.path("ferry.db"), "local", ledger::OpenMode::engine, now);
    REQUIRE(ledger->set_plan({row, "carry", day, day.next(), {"skd", "ttd"}}, now));
    const ShardKey good{row, "carry", day, "ttd", 0};
    const ShardKey parked{row, "carry", day.next(), "skd", 0};
    const ledger::ShardStart starts[] = {{good, day.start(), day.end()},
                                         {parked, day.next().start(), day.next().end()}};
    REQUIRE(ledger->start_shards(starts, now));
    std::vector<ledger::Commit> commits(2);
    commits[0].key = good;
    commits[0].counts[Outcome::failed] = 2;
    commits[0].failures = {failure("50001234/0dbc1da6-0000-4000-8000-000000000001", "M-50"),
                           failure("50001234/0dbc1da6-0000-4000-8000-000000000002", "title")};
    commits[1].key = parked;
    commits[1].state = ledger::StateChange{ShardState::parked, "the page cannot be read", now};
    REQUIRE(ledger->commit(commits, now));
  }

  Ran exceptions(std::vector<std::string> words) const {
    words.insert(words.begin(), "exceptions");
    words.insert(words.end(), {"--config", config});
    return run(words, {}, {{"USER", "kari"}});
  }

  Scratch folder;
  std::string config;

private:
  static ledger::Failure failure(std::string id, std::string member) {
    ledger::Failure failure;
    failure.record_id = std::move(id);
    failure.last_changed = day.start();
    failure.problem = {std::move(member), "is not known to Register, \"yet\"", "ask Register"};
    failure.http_status = 422;
    return failure;
  }

  Instant now = *parse_instant("2025-11-20T12:00:00Z");
};

} // namespace

// -- usage ---------------------------------------------------------------------------

TEST_CASE("Wrong usage ends with status 2 and a hint", "[cli]") {
  for (const auto& [words, error, hint] :
       std::vector<std::tuple<std::vector<std::string>, std::string, std::string>>{
           {{}, "A subcommand is required", "`dialogferry --help`"},
           {{"exceptoins"}, "there is no command `dialogferry exceptoins`", "did you mean exceptions?"},
           {{"config", "chek"}, "there is no command `dialogferry config chek`", "did you mean check?"},
           {{"config", "check"}, "--config is required", "`dialogferry config check --help`"},
           {{"config", "check", "--config", "x", "--jsn"}, "--jsn", "did you mean --json?"},
           {{"exceptions", "list", "--config", "x", "--day", "March"}, "March is no day", "--help"},
           {{"exceptions", "list", "--config", "x", "--row", "a3-app-instances-live2"},
            "did you mean a3-app-instances-live?",
            "--help"},
           {{"exceptions", "retry", "1", "--row", row, "--config", "x"}, "excludes", "--help"},
       }) {
    const auto ran = run(words);
    INFO(ran.err);
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err,
               Catch::StartsWith("error: ") && Contains(error) && Contains("\nhint: ") && Contains(hint));
  }
}

TEST_CASE("Help and the version go to the output, with status 0", "[cli]") {
  CHECK_THAT(run({"--help"}).out, Contains("exceptions"));
  CHECK_THAT(run({"exceptions", "retry", "--help"}).out, Contains("--row"));
  CHECK_THAT(run({"--version"}).out, Catch::StartsWith("dialogferry "));
  CHECK(run({"--version"}).exit == 0);
}

TEST_CASE("Colours are for terminals that want them", "[cli]") {
  std::istringstream in;
  std::ostringstream out;
  cli::Console console{in, out, out, true, true};
  CHECK(console.colour());
  console.environment["NO_COLOR"] = "1";
  CHECK_FALSE(console.colour());
  console.error("x", "y");
  CHECK(out.str() == "error: x\nhint: y\n");
}

// -- config --------------------------------------------------------------------------

TEST_CASE("config check lists every mistake and ends with status 2", "[cli][config]") {
  const Scratch folder;
  const auto file = folder.write("ferry.toml", "[engine]\nthreads = -1\ndrain = \"1s\"\n");
  const auto ran = run({"config", "check", "--config", file});
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.err, Contains(file + ":2: engine.threads is -1, but must be") &&
                          Contains(file + ":3: engine.drain is not known") &&
                          Contains("environment is needed") &&
                          Contains("3 problems in the configuration; nothing was started"));
  const auto json = run({"config", "check", "--config", file, "--json"});
  CHECK(json.exit == 2);
  CHECK_THAT(json.out, Catch::StartsWith("{\"ok\": false, ") && Contains("\"line\": 2") &&
                           Contains("\"key\": \"engine.threads\""));
}

TEST_CASE("config show prints the effective values, the environment and arguments over the file",
          "[cli][config]") {
  const Scratch folder;
  const auto file = folder.write("ferry.toml", "environment = \"local\"\n");
  const auto ran = run({"config", "show", "--config", file, "--set", "engine.threads=3"}, {},
                       {{"DIALOGFERRY_LOG_LEVEL", "debug"}});
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out,
             Contains("threads = 3") && Contains("level = \"debug\"") && Contains("# DIALOGFERRY_LOG_LEVEL"));
  const auto json = run({"config", "show", "--config", file, "--json"});
  CHECK_THAT(json.out, Contains("\"engine.threads\": {\"value\": 0, \"origin\": \"default\"}"));
}

// -- exceptions -----------------------------------------------------------------------

TEST_CASE("exceptions list shows what could not be carried and why", "[cli][exceptions]") {
  const Carried carried;
  const auto ran = carried.exceptions({"list"});
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, Catch::StartsWith("ID  ROW") && Contains("M-50 is not known to Register") &&
                          Contains("50001234/0dbc1da6-0000-4000-8000-000000000002  open"));
  CHECK_THAT(carried.exceptions({"list", "--cause", "title"}).out, !Contains("M-50"));
  CHECK(carried.exceptions({"list", "--day", "2025-03-05"}).out.empty());
  CHECK_THAT(carried.exceptions({"list", "--limit", "1"}).err, Contains("--limit shows more"));
  const auto json = carried.exceptions({"list", "--json"}).out;
  CHECK_THAT(json, Catch::StartsWith("[{\"id\": 1, ") && Contains("\"http_status\": 422") &&
                       Contains("Register, \\\"yet\\\"") && Catch::EndsWith("}]\n"));
}

TEST_CASE("exceptions show tells all about one, and of one that is not there", "[cli][exceptions]") {
  const Carried carried;
  CHECK_THAT(carried.exceptions({"show", "1"}).out,
             Contains("hint          ask Register") && Contains("HTTP status   422"));
  const auto ran = carried.exceptions({"show", "7"});
  CHECK(ran.exit == 1);
  CHECK_THAT(ran.err, Contains("error: there is no exception 7\nhint: "));
}

TEST_CASE("exceptions retry marks one, a day of a row, or everything open", "[cli][exceptions]") {
  const Carried carried;
  CHECK_THAT(carried.exceptions({"retry", "1"}).out, Catch::StartsWith("1 exception and 0 parked shards"));
  CHECK_THAT(carried.exceptions({"list", "--state", "retrying"}).out, Contains("M-50") && !Contains("title"));
  CHECK_THAT(carried.exceptions({"retry", "--row", row, "--day", "2025-03-05"}).out,
             Catch::StartsWith("0 exceptions and 1 parked shard will"));
  CHECK_THAT(carried.exceptions({"retry"}).out, Catch::StartsWith("1 exception and 1 parked shard will"));
  CHECK(carried.exceptions({"retry", "9"}).exit == 1);
}

TEST_CASE("exceptions dismiss keeps the reason and who decided", "[cli][exceptions]") {
  const Carried carried;
  CHECK(carried.exceptions({"dismiss", "1", "--reason", "a test user"}).exit == 0);
  CHECK_THAT(carried.exceptions({"show", "1"}).out,
             Contains("dismissed by  kari") && Contains("because       a test user"));
  CHECK(carried.exceptions({"dismiss", "2"}).exit == 2);
}

TEST_CASE("exceptions export prints one a line, as JSON or CSV", "[cli][exceptions]") {
  const Carried carried;
  const auto json = carried.exceptions({"export"}).out;
  CHECK(std::count(json.begin(), json.end(), '\n') == 2);
  CHECK_THAT(carried.exceptions({"export", "--format", "csv"}).out,
             Catch::StartsWith("id,row,day,") &&
                 Contains(",\"M-50 is not known to Register, \"\"yet\"\"\"\n"));
}

TEST_CASE("A ledger that is not there, or of another environment, is refused", "[cli][exceptions]") {
  const Scratch folder;
  const auto file = folder.write("ferry.toml", "environment = \"local\"\n");
  const auto missing = run({"exceptions", "list", "--config", file});
  CHECK(missing.exit == 1);
  CHECK_THAT(missing.err, Contains("does not exist") && Contains("hint: "));
  const Carried carried;
  const auto other = carried.exceptions({"list", "--set", "environment=prod"});
  CHECK(other.exit == 1);
  CHECK_THAT(other.err, Contains("local") && Contains("prod"));
}

TEST_CASE("config check says when other machines cannot send events for want of a secret",
          "[cli][config][webhook]") {
  const Scratch folder;
  const auto check = [&](const std::string& row, const std::string& status) {
    std::string text = "environment = \"local\"\n";
    for (const auto* api : {"storage", "register", "dialogporten"})
      text += std::string("[apis.") + api + "]\nbase_url = \"http://127.0.0.1:1\"\n";
    return run(
        {"config", "check", "--config",
         folder.write("ferry.toml", text + "[rows." + row +
                                        "]\nfrom = 2025-03-01\ncutover = 2025-11-14\n[status]\n" + status)});
  };
  const std::string live = "a3-app-instances-live";
  const auto open = check(live, "listen = \"0.0.0.0:8080\"\n");
  CHECK(open.exit == 0);
  CHECK_THAT(open.out, Contains("is fine; rows: a3-app-instances-live\nnote: ") &&
                           Contains("status.webhook_secret_file is not set, and status.listen is "
                                    "\"0.0.0.0:8080\": events from other machines are refused"));
  CHECK_THAT(check(live, "listen = \"127.0.0.1:8080\"\n").out, !Contains("note"));
  CHECK_THAT(check(live, "listen = \"[::1]:8080\"\n").out, !Contains("note"));
  CHECK_THAT(check("a3-app-instances-historic", "listen = \"0.0.0.0:8080\"\n").out, !Contains("note"));

  folder.write("hook.secret", "s3cret\n");
  CHECK_THAT(check(live, "listen = \"0.0.0.0:8080\"\nwebhook_secret_file = \"hook.secret\"\n").out,
             !Contains("note") && !Contains("s3cret"));
  folder.write("hook.secret", " \n");
  const auto empty = check(live, "webhook_secret_file = \"hook.secret\"\n");
  CHECK(empty.exit == 2);
  CHECK_THAT(empty.err, Contains("status.webhook_secret_file names a file that holds nothing"));
}

TEST_CASE("config check names a historic and a live row for different organisations", "[cli][config]") {
  const Scratch folder;
  const auto check = [&](const std::string& history, const std::string& live) {
    std::string text = "environment = \"local\"\n";
    for (const auto* api : {"storage", "register", "dialogporten"})
      text += std::string("[apis.") + api + "]\nbase_url = \"http://127.0.0.1:1\"\n";
    text += "[rows.a3-app-instances-historic]\nfrom = 2025-03-01\ncutover = 2025-11-14\norganisations = " +
            history + "\n[rows.a3-app-instances-live]\norganisations = " + live + "\n";
    return run({"config", "check", "--config", folder.write("ferry.toml", text)}).out;
  };
  CHECK_THAT(check(R"(["ttd", "skd"])", R"(["ttd"])"),
             Contains("rows.a3-app-instances-live.organisations are ttd, and those of "
                      "rows.a3-app-instances-historic are ttd, skd"));
  CHECK_THAT(check(R"(["ttd"])", "[]"), Contains("are all, and those of"));
  CHECK_THAT(check(R"(["ttd", "skd"])", R"(["skd", "ttd"])"), !Contains("note"));
}

TEST_CASE("An option with an empty value does not take the next one for it", "[cli]") {
  const Carried carried;
  const auto all = run({"exceptions", "dismiss", "1", "--reason=", "--by", "me", "--config", "x"});
  CHECK(all.exit == 2);
  CHECK_THAT(all.err, Contains("--reason has no value"));
  CHECK(run({"status", "--config=", "--watch"}).exit == 2);
  const auto blank = run({"exceptions", "dismiss", "1", "--reason", " ", "--config", "x"});
  CHECK(blank.exit == 2);
  CHECK_THAT(blank.err, Contains("--reason") && Contains("must not be empty"));
}

// -- the ledger ------------------------------------------------------------------------

TEST_CASE("`ledger copy` copies a stopped ledger, and shows the counts of every table", "[cli]") {
  const Carried carried;
  const auto from = "sqlite:" + carried.folder.path("ferry.db");
  const auto to = "sqlite:" + carried.folder.path("copy.db");
  const auto copied = run({"ledger", "copy", "--from", from, "--to", to});
  CHECK(copied.exit == 0);
  CHECK_THAT(copied.out, Contains("exception                  2             2"));
  CHECK_THAT(copied.err, Contains("exception: 2 of 2"));

  const auto again = run({"ledger", "copy", "--from", from, "--to", to});
  CHECK(again.exit == 1);
  CHECK_THAT(again.err, Contains("holds a ledger already") && Contains("hint:"));

  const auto json = run({"ledger", "copy", "--from", to, "--to", "sqlite:" + carried.folder.path("third.db"),
                         "--json", "--no-progress"});
  CHECK(json.exit == 0);
  CHECK(json.err.empty());
  CHECK_THAT(json.out, Contains(R"({"table": "exception", "from": 2, "to": 2})"));
}
