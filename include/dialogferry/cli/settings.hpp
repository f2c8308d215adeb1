#pragma once

#include <dialogferry/ledger/journal.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/result.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What operators may set while an engine runs: keys of rows and APIs that a running engine takes over. They
/// are kept by the ledger and lie over the configuration until they are taken back.
namespace dialogferry::cli {

/// The configuration with one value over it, written as for `--set`. A Problem, with what was meant, where
/// the key may not be set at run time or the value is not allowed.
Result<Config> with_setting(const Config& config, std::string_view name, std::string_view value);

/// The configuration with all of them over it; what this version does not know is passed by, with a warning
/// in the log.
Config lay_over(const Config& config, const std::vector<ledger::Setting>& settings);

/// Every key that may be set, of the rows that are on and of the APIs that have a base_url.
std::vector<std::string> setting_names(const Config& config);

/// The value of such a key, as in JSON.
std::string setting_json(const Config& config, std::string_view name);

} // namespace dialogferry::cli
