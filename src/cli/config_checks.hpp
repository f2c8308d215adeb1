#pragma once

#include <dialogferry/cli/config.hpp>

#include <vector>

namespace dialogferry::cli {

/// Makes paths absolute, fills what depends on other keys, and appends what is wrong between keys: what is
/// needed and missing, files that are not there, values that contradict each other. `loaded.origins` knows
/// the tables of rows as well ("rows.a3-correspondence"). `today` is the day that is not over.
void complete(LoadedConfig& loaded, Day today, std::vector<ConfigProblem>& problems);

/// What works but is hardly meant: a live row that other machines are to tell of events, without a secret;
/// a historic and a live row of the same records for different organisations.
std::vector<ConfigProblem> advice(const LoadedConfig& loaded);

} // namespace dialogferry::cli
