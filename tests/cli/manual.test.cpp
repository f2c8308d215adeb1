#include "run.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <memory>

using Catch::Contains;

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string output;
  char text[256];
  while (const auto size = std::fread(text, 1, sizeof text, pipe.get()))
    output.append(text, size);
  return output;
}

} // namespace

TEST_CASE("The manual page has every command with its options, and troff has nothing to say against it",
          "[cli][manual]") {
  const auto ran = run({"manual"});
  CHECK(ran.exit == 0);
  for (const auto* command : {"status", "map", "config check", "exceptions retry", "ctl pause", "manual"})
    CHECK_THAT(ran.out, Contains(std::string("\n.SS dialogferry ") + command + "\n"));
  CHECK_THAT(ran.out, Contains("\n\\fB\\-\\-config\\fR"));
  CHECK_THAT(ran.out, Contains("(needed)") && Contains("(default: en)"));
  const Scratch folder;
  const auto page = folder.write("dialogferry.1", ran.out);
  CHECK(output_of("command -v groff >/dev/null && groff -man -Tutf8 -ww -z " + page + " 2>&1 | head -n 5") ==
        "");
}

TEST_CASE("Bash completes commands, their commands, and options", "[cli][manual]") {
  const Scratch folder;
  const auto script = folder.write("complete", run({"manual", "--format", "bash"}).out);
  const auto completed = [&](const std::string& words, int at) {
    return output_of("bash -c 'source " + script + "; COMP_WORDS=(dialogferry " + words +
                     "); COMP_CWORD=" + std::to_string(at) + "; _dialogferry; echo \"${COMPREPLY[*]}\"'");
  };
  CHECK(completed("exc", 1) == "exceptions\n");
  CHECK(completed("exceptions re", 2) == "retry\n");
  CHECK(completed("status --la", 2) == "--lang\n");
  CHECK(completed("status --lang en --for", 4) == "--format\n");
  CHECK(completed("nothing re", 2) == "\n");
}

TEST_CASE("Every shell's completion names the commands", "[cli][manual]") {
  const auto* shell = GENERATE("bash", "zsh", "fish");
  CHECK_THAT(run({"manual", "--format", shell}).out, Contains("exceptions") && Contains("dismiss"));
  CHECK(run({"manual", "--format", "tcsh"}).exit == 2);
}
