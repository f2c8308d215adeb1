#include <dialogferry/cli/commands.hpp>
#include <dialogferry/cli/runtime.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <sys/resource.h>
#include <unistd.h>

namespace {

std::map<std::string, std::string> variables() {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

/// Connections are files too: as many as the system lets us have, up to what anybody could need.
void raise_file_limit() {
  constexpr rlim_t enough = 65'536;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= enough) return;
  files.rlim_cur = std::min(files.rlim_max, enough);
  setrlimit(RLIMIT_NOFILE, &files); // where it is refused the server takes fewer connections
}

std::string own_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

} // namespace

int main(int count, char** words) {
  using namespace dialogferry::cli;
  std::ios::sync_with_stdio(false);
  raise_file_limit();
  const Console console{
      std::cin,    std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1,
      variables(), own_path()};
  try {
    return run_program({words + 1, words + count}, console, [] {
      auto runtime = make_runtime(dialogferry::engine::start);
      runtime.explain = dialogferry::engine::explain;
      runtime.verify = dialogferry::engine::verify::verify;
      return runtime;
    });
  } catch (const std::exception& error) {
    console.error(error.what(), "this is a defect of dialogferry; please report it");
    return failed;
  }
}
