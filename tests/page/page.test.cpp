#include "served.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

using namespace dialogferry::status::test;

namespace {

const std::string here = SOURCE_DIR;

/// Runs a command of the shell; what it says, and whether it was content.
struct Ran {
  bool well = false;
  std::string said;
};

Ran run(const std::string& command) {
  Ran ran;
  auto* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> piece{};
  while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe))
    ran.said.append(piece.data(), size);
  ran.well = pclose(pipe) == 0;
  return ran;
}

/// What a browser needs that is not built here.
bool can_browse() {
  const bool modules = std::filesystem::exists(here + "/node_modules/playwright-core") &&
                       std::filesystem::exists(here + "/node_modules/axe-core");
  return modules && run("command -v node && command -v chromium").well;
}

/// Lets a browser do one of the checks of checks.mjs at a served page.
void check(const std::string& name, const std::string& argument = {}) {
  if (!can_browse()) {
    WARN("skipped: node, chromium or the modules of tests/page are not installed (scripts/test installs "
         "them)");
    return;
  }
  const ServedPage page;
  const auto ran = run("node '" + here + "/check.mjs' " + name + ' ' + page.url() + " '" + argument + '\'');
  INFO(ran.said);
  CHECK(ran.well);
}

} // namespace

TEST_CASE("axe finds nothing on the page, in both languages, light and dark, on a phone and a desktop",
          "[page]") {
  check("accessible");
}

TEST_CASE("What a visitor looks for first fits one screen of a phone", "[page]") {
  check("first-screen");
}

TEST_CASE("The page follows without being loaded again, and keeps focus and open years", "[page]") {
  check("live");
}

TEST_CASE("Keys walk through the calendar, and years open to their days", "[page]") {
  check("keyboard");
}

TEST_CASE("Without scripts all can be read, the days of every year too", "[page]") {
  check("without-scripts");
}

TEST_CASE("Nothing but the engine's own style and script is loaded or allowed", "[page]") {
  check("policy");
}

TEST_CASE("Narrow, enlarged and without motion the page does not scroll sideways", "[page]") {
  check("narrow");
}

TEST_CASE("Pictures of the page are taken for the README", "[.pictures]") {
  const auto* folder = std::getenv("PICTURES");
  REQUIRE(folder != nullptr);
  check("pictures", folder);
}
