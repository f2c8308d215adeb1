#include "scratch.hpp"

#include <dialogferry/cli/config.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::cli;

namespace {

constexpr std::string_view smallest = R"(environment = "tt02"
[apis.storage]
base_url = "https://platform.tt02.altinn.no"
[apis.register]
base_url = "https://platform.tt02.altinn.no/"
[apis.dialogporten]
base_url = "https://platform.tt02.altinn.no/dialogporten"
[rows.a3-app-instances-historic]
from = 2025-03-01
cutover = 2025-11-14
)";

/// Of every test; it is past noon there.
constexpr Instant now{20'789 * Instant::per_day + Instant::per_day / 2}; // 2026-12-02

auto read(std::string_view text, const Overrides& overrides = {}) {
  return read_config(text, "/etc/ferry/ferry.toml", overrides, now);
}

LoadedConfig good(std::string_view text, const Overrides& overrides = {}) {
  auto loaded = read(text, overrides);
  if (!loaded)
    for (const auto& problem : loaded.error())
      UNSCOPED_INFO(to_string(problem));
  REQUIRE(loaded);
  return *loaded;
}

std::vector<ConfigProblem> bad(std::string_view text, const Overrides& overrides = {}) {
  auto loaded = read(text, overrides);
  REQUIRE_FALSE(loaded);
  return loaded.error();
}

std::string with(std::string_view more) {
  return std::string(smallest).append(more);
}

/// The same without the days of its row.
std::string without_days(std::string_view more) {
  return std::string(smallest.substr(0, smallest.find("from ="))).append(more);
}

} // namespace

TEST_CASE("What is needed is enough, all else has the documented defaults", "[config]") {
  const auto config = good(smallest).config;
  CHECK(config.environment == Environment::tt02);
  const auto& row = config.rows.at("a3-app-instances-historic");
  CHECK(row.enabled);
  CHECK_FALSE(config.rows.at("a3-app-instances-live").enabled);
  auto untouched = row;
  untouched = RowConfig{};
  untouched.from = *parse_day("2025-03-01");
  untouched.cutover = *parse_day("2025-11-14");
  CHECK(row == untouched);
  CHECK(config.apis.at("storage").timeout == std::chrono::seconds{10});
  CHECK(config.engine == EngineConfig{});
}

TEST_CASE("Every kind of value is read", "[config]") {
  const auto config = good(without_days(R"(from = 2024-12-31
cutover = "2025-11-14"
organisations = []
credit = 500
backoff = { first = "1s", last = "2m" }
[engine]
threads = 3
live_share = 1
[mapping]
write_back = "all"
submission_transmissions = false
receipt_wait = "1h"
[[goals]]
name = { en = "All", nb = "Alt" }
rows = ["a3-app-instances-historic"]
from = 2025-01-01
deadline = "2025-12-31"
)"))
                          .config;
  const auto& row = config.rows.at("a3-app-instances-historic");
  CHECK(to_string(row.from) == "2024-12-31");
  CHECK(row.organisations.empty());
  CHECK(row.credit == 500);
  CHECK(row.backoff == BackoffConfig{std::chrono::seconds{1}, std::chrono::minutes{2}});
  CHECK(config.engine.threads == 3);
  CHECK(config.engine.live_share == 1.0);
  CHECK(config.mapping.write_back == WriteBack::all);
  CHECK_FALSE(config.mapping.submission_transmissions);
  CHECK(config.mapping.receipt_wait == std::chrono::hours{1});
  REQUIRE(config.goals.size() == 1);
  CHECK(config.goals[0].name.nb == "Alt");
  CHECK(to_string(config.goals[0].deadline) == "2025-12-31");
}

TEST_CASE("Five mistakes give five messages, each with its line and what is allowed", "[config]") {
  const auto problems = bad(R"(environment = "tt03"
[engine]
thread = 4
drain_timeout = 30
[apis.storage]
base_url = "platform.tt02.altinn.no"
[rows.a3-app-instance-historic]
enabled = true
)");
  REQUIRE(problems.size() == 5);
  CHECK(to_string(problems[0]) ==
        "/etc/ferry/ferry.toml:1: environment is \"tt03\", but must be tt02, prod or local");
  for (const auto& [line, key, part] : {std::tuple{3U, "engine.thread", "is not known"},
                                        {4U, "engine.drain_timeout", "a duration such as"},
                                        {6U, "apis.storage.base_url", "an http:// or https:// URL"},
                                        {7U, "rows.a3-app-instance-historic", "is not known"}}) {
    INFO(key);
    const auto found =
        std::find_if(problems.begin(), problems.end(), [&key = key](const auto& p) { return p.key == key; });
    REQUIRE(found != problems.end());
    CHECK(found->where.line == line);
    CHECK_THAT(found->message, Catch::Contains(part));
  }
}

TEST_CASE("An unknown name comes with the one that was meant", "[config]") {
  const auto hint = [](std::string_view text) { return bad(text).at(0).hint; };
  CHECK(hint(with("shards_inflight = 3")) == "did you mean rows.a3-app-instances-historic.shards_in_flight?");
  CHECK(hint(with("[rows.a3-app-instnaces-live]")) == "did you mean rows.a3-app-instances-live?");
  CHECK(hint(with("[apis.storge]")) == "did you mean apis.storage?");
  CHECK(hint(with("[enigne]\nthreads = 1")) == "did you mean engine?");
  CHECK(hint(with("[engine]\ncredit = 1")) == "did you mean rows.*.credit?");
  CHECK_THAT(hint(with("[ledger]\nzzzzzz = 1")), Catch::Contains("known here: url"));
}

TEST_CASE("A value out of its bounds is refused with the bounds", "[config]") {
  const auto message = [](std::string_view text) { return bad(text).at(0).message; };
  CHECK(message(with("page_size = 0")) == "is 0, but must be a whole number from 1 to 5000");
  CHECK(message(with("credit = -1")) == "is -1, but must be a whole number from 1 to 1000000");
  CHECK(message(with("credit = 2.5")) == "is 2.5, but must be a whole number from 1 to 1000000");
  CHECK(message(without_days("cutover = 2025-11-14\nfrom = \"March\"")) ==
        "is \"March\", but must be a day such as 2025-03-01");
  CHECK(message(without_days("cutover = 2025-11-14\nfrom = 2025-03-01T00:00:00")) ==
        "is 2025-03-01T00:00:00, but must be a day such as 2025-03-01");
  CHECK(message(with("organisations = [\"ttd\", 3]")) ==
        "is [ \"ttd\", 3 ], but must be a list, each element a service owner code such as \"ttd\"");
  CHECK(message(with("[engine]\nlive_share = 1.5")) == "is 1.5, but must be a number from 0 to 1");
  CHECK(message(with("[engine]\nlive_share = nan")) == "is nan, but must be a number from 0 to 1");
  CHECK(message(with("[status]\nlisten = \"8080\"")) ==
        "is \"8080\", but must be an address and a port such as \"127.0.0.1:8080\"");
  CHECK(message(with("[status]\nlisten = \"127.0.0.1:99999\"")) ==
        "is \"127.0.0.1:99999\", but must be an address and a port such as \"127.0.0.1:8080\"");
}

TEST_CASE("Values that contradict each other are refused", "[config]") {
  const auto problem = [](std::string_view more) { return to_string(bad(with(more)).at(0)); };
  CHECK(to_string(bad(without_days("from = 2025-11-15\ncutover = 2025-11-14")).at(0)) ==
        "/etc/ferry/ferry.toml:9: rows.a3-app-instances-historic.from is "
        "2025-11-15, but must not be after cutover, which is 2025-11-14");
  CHECK_THAT(problem("credit = 99"), Catch::Contains("must be at least page_size, which is 100"));
  CHECK_THAT(problem("backoff.first = \"6m\""),
             Catch::Contains("must not be longer than backoff.last, which is 5m"));
  CHECK_THAT(problem("[auth]\nmode = \"token_file\""),
             Catch::Contains("auth.token_file is needed by auth.mode"));
  CHECK_THAT(problem("[rows.a3-app-instances-live]\ncutover = 2025-11-20"),
             Catch::Contains("carried by neither"));
  CHECK_THAT(problem("[[goals]]\nname.en = \"x\"\nfrom = 2025-01-01\ndeadline = 2025-02-01"),
             Catch::Contains("goals.0.rows is needed by every goal"));
}

TEST_CASE("A missing environment and a missing address are named", "[config]") {
  const auto problems = bad("[rows.a3-app-instances-historic]\nfrom = 2025-03-01\ncutover = 2025-11-14\n");
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].key == "environment");
  CHECK(problems[1].key == "apis.dialogporten.base_url");
  CHECK(problems[1].message == "is needed by the row a3-app-instances-historic");
  CHECK(problems[2].key == "apis.register.base_url");
  CHECK(problems[3].key == "apis.storage.base_url");
}

TEST_CASE("A row that is switched off needs nothing", "[config]") {
  CHECK_FALSE(good("environment = \"local\"\n[rows.a3-app-instances-historic]\nenabled = false\n")
                  .config.rows.at("a3-app-instances-historic")
                  .enabled);
}

TEST_CASE("A file that is not TOML gives one message with its line", "[config]") {
  const auto problems = bad("environment = \"tt02\"\n[engine\nthreads = 1\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].where.line == 2);
}

TEST_CASE("The environment overrides the file, an argument overrides both", "[config]") {
  Overrides overrides;
  overrides.environment = {{"DIALOGFERRY_ROWS_A3_APP_INSTANCES_HISTORIC_CREDIT", "300"},
                           {"DIALOGFERRY_LEDGER_URL", "sqlite:other.db"},
                           {"DIALOGFERRY_NO_SETUP", "1"},
                           {"DIALOGFERRY_PORT_8080_TCP", "tcp://10.0.0.1:8080"},
                           {"PATH", "/bin"}};
  overrides.sets = {
      "rows.a3-app-instances-historic.credit=400",
      "rows.a3-app-instances-historic.organisations=ttd,skd",
      "rows.a3-app-instances-historic.from=2025-06-01",
      "apis.storage.rate=12.5",
      "apis.storage.timeout=250ms",
      "rows.a3-app-instances-historic.backoff={ first = \"1s\", last = \"9s\" }",
      R"(goals=[{ name = { en = "G" }, rows = ["a3-app-instances-historic"], from = 2025-01-01, deadline = 2026-01-01 }])"};
  const auto loaded = good(with("credit = 200"), overrides);
  const auto& row = loaded.config.rows.at("a3-app-instances-historic");
  CHECK(row.credit == 400);
  CHECK(row.organisations == std::vector<std::string>{"ttd", "skd"});
  CHECK(to_string(row.from) == "2025-06-01");
  CHECK(row.backoff.last == std::chrono::seconds{9});
  CHECK(loaded.config.apis.at("storage").rate == 12.5);
  CHECK(loaded.config.apis.at("storage").timeout == std::chrono::milliseconds{250});
  CHECK(loaded.config.ledger.url == "sqlite:/etc/ferry/other.db");
  CHECK(loaded.config.goals.at(0).name.nb == "G");
  CHECK(to_string(loaded.origins.at("ledger.url")) == "DIALOGFERRY_LEDGER_URL");
}

TEST_CASE("A mistake in an override is named as such", "[config]") {
  Overrides overrides;
  overrides.environment = {{"DIALOGFERRY_LEDGER_URI", "x"}, {"DIALOGFERRY_ENGINE_THREADS", "many"}};
  overrides.sets = {"engine.treads=2", "credit", "goals.0.from=2025-01-01"};
  const auto problems = bad(smallest, overrides);
  REQUIRE(problems.size() == 5);
  CHECK(to_string(problems[0]) ==
        "DIALOGFERRY_ENGINE_THREADS: engine.threads is \"many\", but must be a whole number from 0 to 1024");
  CHECK(problems[1].hint == "did you mean DIALOGFERRY_LEDGER_URL?");
  CHECK(problems[2].hint == "did you mean engine.threads?");
  CHECK(problems[3].message == "is not KEY=VALUE");
  CHECK(problems[4].message == "is of a goal that is not there");
}

TEST_CASE("Paths start at the folder of the file", "[config]") {
  const Scratch folder;
  folder.write("ca.pem", "x");
  folder.write("texts.toml", "x");
  const auto file = folder.write("ferry.toml", with("[apis.correspondence]\nca_file = \"ca.pem\"\n"));
  const auto loaded = load_config(file, {});
  REQUIRE(loaded);
  CHECK(loaded->config.ledger.url == "sqlite:" + folder.path("ferry.db"));
  CHECK(loaded->config.apis.at("correspondence").ca_file == folder.path("ca.pem"));
  CHECK(loaded->config.mapping.texts == folder.path("texts.toml"));
}

TEST_CASE("The default texts need not be there, named ones must", "[config]") {
  CHECK(good(smallest).config.mapping.texts.empty());
  const auto problems = bad(with("[mapping]\ntexts = \"nowhere.toml\""));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message == "is \"/etc/ferry/nowhere.toml\", a file that cannot be read");
}

TEST_CASE("Only the archive may be a folder", "[config]") {
  const Scratch folder;
  const auto file =
      folder.write("ferry.toml", "environment = \"local\"\n[apis.a2_archive]\nbase_url = \"file:.\"\n");
  const auto loaded = load_config(file, {});
  REQUIRE(loaded);
  CHECK(loaded->config.apis.at("a2_archive").base_url.starts_with("file:/"));
  CHECK_THAT(bad("environment = \"local\"\n[apis.storage]\nbase_url = \"file:x\"").at(0).message,
             Catch::Contains("only a2_archive can be a folder"));
}

TEST_CASE("An address loses the slash at its end", "[config]") {
  CHECK(good(smallest).config.apis.at("register").base_url == "https://platform.tt02.altinn.no");
}

TEST_CASE("A token never goes out unencrypted, but to loopback", "[config]") {
  const Scratch folder;
  folder.write("token", "x");
  const std::string text = "environment = \"local\"\n[auth]\nmode = \"token_file\"\ntoken_file = \"token\"\n"
                           "[apis.storage]\nbase_url = \"http://";
  CHECK(load_config(folder.write("a.toml", text + "127.0.0.1:5000\"\n"), {}));
  const auto refused = load_config(folder.write("b.toml", text + "platform.example\"\n"), {});
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().at(0).message, Catch::Contains("unencrypted"));
}

TEST_CASE("A live row begins where its history ends", "[config]") {
  const auto config =
      good(without_days("from = 2025-03-01\ncutover = 2025-11-20\n[rows.a3-app-instances-live]\n")).config;
  CHECK(to_string(config.rows.at("a3-app-instances-live").cutover) == "2025-11-20");
}

TEST_CASE("A live row without history begins with today", "[config]") {
  const auto live = [](std::string_view historic) {
    return good(without_days(
                    std::string("enabled = false\n").append(historic).append("[rows.a3-app-instances-live]")))
        .config.rows.at("a3-app-instances-live");
  };
  CHECK(to_string(live("").cutover) == "2026-12-01");
  CHECK(live("").from == live("").cutover);
  CHECK(to_string(live("cutover = 2025-11-20\n").cutover) ==
        "2025-11-20"); // its history is carried elsewhere
}

TEST_CASE("A historic row needs its days, there is no default for either", "[config][OR-1]") {
  const auto problems = bad(without_days(""));
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].key == "rows.a3-app-instances-historic.from");
  CHECK(problems[0].message == "is needed by every historic row");
  CHECK_THAT(problems[0].hint, Catch::Contains("from = 2025-03-01"));
  CHECK(problems[1].key == "rows.a3-app-instances-historic.cutover");
  CHECK_THAT(problems[1].hint, Catch::Contains("cutover = 2025-11-14"));
  CHECK(bad(without_days("from = 2025-03-01")).size() == 1);
  CHECK(bad(without_days("cutover = 2025-11-14")).size() == 1);
  CHECK(bad(without_days("from = 2025-03-01\ncutover = 3")).size() == 1);
}

TEST_CASE("A cut-over day that is not over is refused for history whose live row is off", "[config][OR-1]") {
  const auto text = [](std::string_view cutover) {
    return without_days(std::string("from = 2025-03-01\ncutover = ").append(cutover).append("\n"));
  };
  CHECK(good(text("2026-12-01")).config.rows.at("a3-app-instances-historic").enabled);
  const auto problem = bad(text("2026-12-02")).at(0);
  CHECK(problem.message == "is 2026-12-02, a day that is not over, and a3-app-instances-live is off: what "
                           "happens after a day has been read would be carried by neither");
  CHECK(problem.hint ==
        "set a day before 2026-12-02, which is today in UTC, or add [rows.a3-app-instances-live]");
  CHECK(good(text("2026-12-02") + "[rows.a3-app-instances-live]\n")
            .config.rows.at("a3-app-instances-live")
            .enabled);
}

TEST_CASE("What the moment may cure, writes and passes have times of their own", "[config]") {
  const auto config = good(with(R"([engine]
retry_for = "2h"
[apis.correspondence]
syncs = 2
[rows.a3-app-instances-live]
reconcile = "0s"
)"))
                          .config;
  CHECK(config.engine.retry_for == std::chrono::hours{2});
  CHECK(config.apis.at("dialogporten").write_timeout == std::chrono::minutes{15});
  CHECK(config.apis.at("correspondence").syncs == 2);
  CHECK(config.rows.at("a3-app-instances-live").reconcile == std::chrono::milliseconds{0});
  CHECK(bad(with("[rows.a3-app-instances-live]\nreconcile = \"5s\"")).at(0).message ==
        "is \"5s\", but must be \"0s\", which means never, or at least 1m");
  CHECK(bad("environment = \"local\"\n[apis.storage]\nsyncs = 2").at(0).hint ==
        "did you mean apis.correspondence.syncs?");
}

TEST_CASE("A number without an exact double is judged by its size", "[config]") {
  const auto message = [](std::string_view rate) {
    return bad("environment = \"local\"\n[apis.storage]\nrate = " + std::string(rate)).at(0).message;
  };
  for (const auto* rate : {"9007199254740993", "9223372036854775807", "inf"})
    CHECK_THAT(message(rate), Catch::EndsWith("but must be a number from 0 to 1000000"));
  CHECK_THAT(message("-9007199254740993"), Catch::Contains("is -9007199254740993"));
  CHECK(bad("environment = \"local\"\n[engine]\nthreads = 9007199254740993").size() == 1);
  CHECK(bad("environment = \"local\"\n[engine]\nretry_for = \"9223372036854775807d\"").size() == 1);
}

TEST_CASE("A key and a certificate for Maskinporten are not taken together", "[config]") {
  const Scratch folder;
  folder.write("key.pem", "x");
  folder.write("chain.pem", "x");
  const std::string text = R"(environment = "local"
[auth]
mode = "maskinporten"
[auth.maskinporten]
client_id = "c"
key_file = "key.pem"
certificate_file = "chain.pem"
token_url = "https://test.maskinporten.no/token"
scopes = ["a:b"]
consumer_org = "991825827"
)";
  CHECK(load_config(folder.write("a.toml", text), {}));
  const auto both = load_config(folder.write("b.toml", text + "key_id = \"k\"\n"), {});
  REQUIRE_FALSE(both);
  CHECK(both.error().at(0).key == "auth.maskinporten.key_id");
  const auto number =
      load_config(folder.write("c.toml", text), {{}, {"auth.maskinporten.consumer_org=9918"}});
  REQUIRE_FALSE(number);
  CHECK_THAT(number.error().at(0).message, Catch::Contains("an organisation number such as"));
}

TEST_CASE("A file that cannot be read is named", "[config]") {
  const auto loaded = load_config("/nowhere/ferry.toml", {});
  REQUIRE_FALSE(loaded);
  CHECK(to_string(loaded.error().at(0)) == "/nowhere/ferry.toml: cannot be read");
}

TEST_CASE("What is shown can be loaded again and gives the same values", "[config]") {
  Overrides overrides;
  overrides.sets = {"engine.live_share=0.25"};
  const auto loaded = good(with(R"(credit = 500
[[goals]]
name.en = "G \"1\""
rows = ["a3-app-instances-historic"]
from = 2025-01-01
deadline = 2025-12-31
)"),
                           overrides);
  const auto text = show_toml(loaded);
  CHECK_THAT(text, Catch::Contains("credit = 500") && Catch::Contains("# /etc/ferry/ferry.toml:11"));
  CHECK_THAT(text, Catch::Contains("# --set"));
  CHECK(good(text).config == loaded.config);
}

TEST_CASE("A password in the ledger's address is not shown", "[config]") {
  const auto loaded = good(with("[ledger]\nurl = \"postgresql://ferry:s3cret@db/ferry\""));
  CHECK_THAT(show_toml(loaded),
             !Catch::Contains("s3cret") && Catch::Contains("postgresql://ferry:***@db/ferry"));
  CHECK_THAT(show_json(loaded), !Catch::Contains("s3cret"));
  const auto parameter =
      good(with("[ledger]\nurl = \"postgresql://db/ferry?password=s3cret&sslmode=require\""));
  CHECK_THAT(show_toml(parameter), Catch::Contains("db/ferry?password=***&sslmode=require"));
  const auto problems = bad(with("[ledger]\nurl = \"mysql://ferry:s3cret@db/ferry\""));
  CHECK_THAT(to_string(problems.at(0)),
             !Catch::Contains("s3cret") && Catch::Contains("mysql://ferry:***@db/ferry"));
}

TEST_CASE("A reload takes over rates, connections, credit and shards, and says what needs a restart",
          "[config]") {
  const auto before = good(smallest).config;
  const auto after = good(with("credit = 400\npage_size = 50\n[engine]\nthreads = 2\n")).config;
  const auto found = changes(before, after);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == ConfigChange{"engine.threads", "0", "2", true});
  CHECK(found[1] == ConfigChange{"rows.a3-app-instances-historic.credit", "200", "400", false});
  CHECK(found[2].needs_restart);
  const auto running = take_over(before, after);
  CHECK(running.rows.at("a3-app-instances-historic").credit == 400);
  CHECK(running.rows.at("a3-app-instances-historic").page_size == 100);
  CHECK(running.engine.threads == 0);
}

TEST_CASE("The reference names every key", "[config]") {
  const auto text = reference_markdown();
  for (const auto* part :
       {"`[apis.NAME]`", "`shards_in_flight`", "`backoff.first`", "`maskinporten.key_file`", "| `rate` |",
        "`[[goals]]`", "a whole number from 1 to 5000"})
    CHECK_THAT(text, Catch::Contains(part));
}

TEST_CASE("docs/configuration.md is what the program says", "[config]") {
  std::ifstream file(SOURCE_ROOT "/docs/configuration.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text == reference_markdown()); // build/dialogferry config reference >docs/configuration.md
}

TEST_CASE("The configuration in the README loads", "[config]") {
  std::ifstream file(SOURCE_ROOT "/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto start = text.find("```toml\n") + 8;
  REQUIRE(start > 8);
  CHECK(good(text.substr(start, text.find("```", start) - start)).config.apis.at("dialogporten").rate ==
        100.0);
}
