#include "json.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/mapping/bundle.hpp>
#include <dialogferry/mapping/from_config.hpp>

#include <fmt/format.h>

#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

namespace dialogferry::cli {

namespace {

/// Writes the answer to one bundle; a bundle that cannot be read is answered like a record that cannot be
/// mapped.
Exit answer(std::ostream& out, std::string_view bundle, const mapping::Mapper& mapper) {
  const auto mapped = mapping::map_bundle(bundle, mapper);
  if (mapped) {
    out << mapped->json << '\n';
    return mapped->has_problem ? remains : done;
  }
  const auto& problem = mapped.error();
  out << JsonObject()
             .text("action", "error")
             .raw("calls", "[]")
             .raw("problem",
                  JsonObject().text("member", problem.member).text("message", problem.message).take())
             .take()
      << '\n';
  return remains;
}

Exit answer_lines(std::istream& in, std::ostream& out, const mapping::Mapper& mapper) {
  Exit exit = done;
  for (std::string line; std::getline(in, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos && answer(out, line, mapper) != done)
      exit = remains;
  return exit;
}

} // namespace

Exit map(const Console& console, const MapOptions& options) {
  MappingConfig config;
  config.texts.clear(); // the built-in ones, whatever lies in this folder
  if (!options.config.file.empty()) {
    const auto loaded = load_or_explain(console, options.config);
    if (!loaded) return usage;
    config = loaded->config.mapping;
  }
  auto wording = wording_or_explain(console, config.texts);
  if (!wording) return usage;
  const mapping::Mapper mapper(mapping::settings_of(config), std::move(*wording));

  std::ifstream file;
  if (!options.input.empty()) file.open(options.input, std::ios::binary);
  auto& in = options.input.empty() ? console.in : file;
  if (!in.good()) {
    console.error(fmt::format("{} cannot be read", options.input),
                  "give a mapping bundle as --input FILE or on stdin");
    return failed;
  }
  if (options.lines) return answer_lines(in, console.out, mapper);
  return answer(console.out, std::string{std::istreambuf_iterator<char>(in), {}}, mapper);
}

} // namespace dialogferry::cli
