#pragma once

#include <dialogferry/cli/config.hpp>
#include <dialogferry/mapping/wording.hpp>

#include <tl/expected.hpp>

#include <filesystem>
#include <vector>

namespace dialogferry::cli {

/// Reads `mapping.texts`: a table for each text, named as mapping::name_of() has it, with a text per
/// language. What is not there keeps its built-in wording. An empty path gives the built-in texts.
///
///     ["summary/ArchivedConfirmed"]
///     nb = "Innsendingen er bekreftet mottatt."
tl::expected<mapping::Wording, std::vector<ConfigProblem>> load_wording(const std::filesystem::path& file);

} // namespace dialogferry::cli
