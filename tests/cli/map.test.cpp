#include "run.hpp"
#include "scratch.hpp"

#include <dialogferry/cli/wording_file.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using Catch::Contains;

namespace {

const std::string gone =
    R"({"kind": "instance", "instance": null, "events": [], "application": null, "texts": [],
  "parties": {}, "users": {}, "existing": null, "is_migration": true, "attempt": 1, "now": "2025-11-17T12:00:00Z"})";

} // namespace

TEST_CASE("map needs no configuration: a bundle in, a decision out", "[cli][map]") {
  const auto ran = run({"map"}, gone);
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, Catch::StartsWith("{\"action\":") && Contains("\"reason\":") && Catch::EndsWith("}\n"));
}

TEST_CASE("A bundle that cannot be read is answered with its problem and status 3", "[cli][map]") {
  for (const auto* text : {"", "{", "[]", R"({"kind": "letter", "now": "2025-11-17T12:00:00Z"})"}) {
    const auto ran = run({"map"}, text);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.out, Contains("\"problem\"") && Contains("\"message\""));
  }
}

TEST_CASE("map --lines answers line by line, in order, and goes on after a bad one", "[cli][map]") {
  auto bundle = gone;
  bundle.erase(std::remove(bundle.begin(), bundle.end(), '\n'), bundle.end());
  const auto ran = run({"map", "--lines"}, bundle + "\nnonsense\n\n" + bundle + "\n");
  CHECK(ran.exit == 3);
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 3);
  CHECK_THAT(ran.out.substr(ran.out.find('\n') + 1), Catch::StartsWith("{\"action\": \"error\""));
  CHECK(run({"map", "--lines"}, bundle).exit == 0);
}

TEST_CASE("A bundle may come from a file", "[cli][map]") {
  const Scratch folder;
  CHECK(run({"map", "--input", folder.write("bundle.json", gone)}).exit == 0);
  const auto missing = run({"map", "--input", folder.path("none.json")});
  CHECK(missing.exit == 1);
  CHECK_THAT(missing.err, Contains("none.json cannot be read") && Contains("hint: "));
}

TEST_CASE("Texts replace the built-in wording, slot by slot and language by language", "[cli][wording]") {
  const Scratch folder;
  const auto wording = cli::load_wording(folder.write("texts.toml", R"(["summary/ArchivedConfirmed"]
nb = "Bekreftet"
)"));
  REQUIRE(wording);
  using mapping::Language;
  using mapping::Slot;
  CHECK(wording->text(Slot::summary_archived_confirmed, Language::nb) == "Bekreftet");
  const mapping::Wording built_in;
  CHECK(wording->text(Slot::summary_archived_confirmed, Language::en) ==
        built_in.text(Slot::summary_archived_confirmed, Language::en));
}

TEST_CASE("Every mistake in the texts is named", "[cli][wording]") {
  const Scratch folder;
  folder.write("texts.toml", R"(["summary/ArchivedConfirmd"]
nb = "x"
["summary/Rejected"]
de = "x"
en = ""
)");
  const auto config = folder.write("ferry.toml", "environment = \"local\"\n");
  const auto ran = run({"config", "check", "--config", config});
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.err, Contains("texts.toml:1: summary/ArchivedConfirmd is no text of a dialog\n"
                               "hint: did you mean summary/ArchivedConfirmed?") &&
                          Contains("texts.toml:4: summary/Rejected.de is of no language of ours") &&
                          Contains("texts.toml:5: summary/Rejected.en must be a text"));
  CHECK_THAT(run({"config", "check", "--config", config, "--json"}).out, Contains("\"line\": 5"));
}

TEST_CASE("Messages are mapped as their bundle or --kind says", "[cli][map]") {
  const std::string members = R"("correspondence": {}, "parties": {}, "now": "2025-11-17T12:00:00Z"})";
  const auto said = run({"map"}, R"({"kind": "correspondence", )" + members);
  CHECK(said.exit == 3);
  CHECK_THAT(said.out, Contains("correspondence.altinn2CorrespondenceId"));
  CHECK(run({"map", "--kind", "correspondence"}, "{" + members).out == said.out);
  CHECK(run({"map", "--kind", "correspondence", "--lines"}, "{" + members + "\n").out == said.out);
  CHECK(run({"map", "--kind", "correspondence"}, gone).exit == 0);
  CHECK(run({"map", "--kind", "letter"}, gone).exit != 0);
}
