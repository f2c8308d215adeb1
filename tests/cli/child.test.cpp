#include "../../src/cli/child.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry::cli;
using namespace std::chrono_literals;

TEST_CASE("A child program says its first line, and ends with its owner", "[demo]") {
  auto child = Child::start("/bin/sh", {"-c", "echo listening on 127.0.0.1:4711; exec sleep 600"});
  REQUIRE(child);
  CHECK(child->first_line(10s).value() == "listening on 127.0.0.1:4711");
}

TEST_CASE("A program that is not there, ends at once or says nothing is a problem", "[demo]") {
  CHECK_FALSE(Child::start("/nowhere/altinn-sim", {}));
  CHECK_FALSE(Child::start("/bin/false", {})->first_line(10s));
  CHECK_FALSE(Child::start("/bin/sleep", {"600"})->first_line(50ms));
}
