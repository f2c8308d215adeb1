#include "json.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/codec/correspondence_bundle.hpp>
#include <dialogferry/mapping/bundle.hpp>
#include <dialogferry/mapping/correspondence_bundle.hpp>
#include <dialogferry/mapping/from_config.hpp>

#include <fmt/format.h>

#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

namespace dialogferry::cli {

namespace {

/// What bundles are mapped with.
struct Mapping {
  mapping::Settings settings;
  mapping::Mapper mapper;
  std::string kind; ///< of bundles that do not say so
};

Result<mapping::BundleAnswer> map_any(std::string_view bundle, const Mapping& with) {
  codec::Parser parser;
  const codec::Document document{std::string(bundle)};
  const auto said = codec::read_bundle_kind(parser, document.view());
  if (!said) return tl::unexpected(said.error());
  const auto& kind = said->empty() ? with.kind : *said;
  return kind == "correspondence" ? mapping::correspondence::map_bundle(bundle, with.settings)
                                  : mapping::map_bundle(bundle, with.mapper);
}

/// Writes the answer to one bundle; a bundle that cannot be read is answered like a record that cannot be
/// mapped.
Exit answer(std::ostream& out, std::string_view bundle, const Mapping& with) {
  const auto mapped = map_any(bundle, with);
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

Exit answer_lines(std::istream& in, std::ostream& out, const Mapping& with) {
  Exit exit = done;
  for (std::string line; std::getline(in, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos && answer(out, line, with) != done)
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
  const auto settings = mapping::settings_of(config);
  const Mapping with{settings, mapping::Mapper(settings, std::move(*wording)), options.kind};

  std::ifstream file;
  if (!options.input.empty()) file.open(options.input, std::ios::binary);
  auto& in = options.input.empty() ? console.in : file;
  if (!in.good()) {
    console.error(fmt::format("{} cannot be read", options.input),
                  "give a mapping bundle as --input FILE or on stdin");
    return failed;
  }
  if (options.lines) return answer_lines(in, console.out, with);
  return answer(console.out, std::string{std::istreambuf_iterator<char>(in), {}}, with);
}

} // namespace dialogferry::cli
