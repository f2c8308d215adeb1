#pragma once

#include <dialogferry/cli/commands.hpp>

#include <sstream>
#include <string>
#include <vector>

/// What a command line came to.
struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
};

/// Runs a command line within the test.
inline Ran run(const std::vector<std::string>& arguments, const std::string& input = {},
               std::map<std::string, std::string> environment = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  dialogferry::cli::Console console{in, out, err};
  console.environment = std::move(environment);
  const int exit = dialogferry::cli::run_program(arguments, console);
  return {exit, out.str(), err.str()};
}
