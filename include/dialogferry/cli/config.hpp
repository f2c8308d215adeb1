#pragma once

#include <dialogferry/model/config.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::cli {

/// Where the value of a key comes from.
struct Origin {
  enum class Kind : std::uint8_t { standard, file, environment, argument };

  Kind kind = Kind::standard;
  std::string name;       ///< the file, the environment variable, or "--set"
  std::uint32_t line = 0; ///< in the file, from 1; 0 elsewhere

  bool operator==(const Origin&) const = default;
};

/// `ferry.toml:12`, `DIALOGFERRY_LEDGER_URL`, `--set`, `default`
std::string to_string(const Origin& origin);

/// One mistake in a configuration.
struct ConfigProblem {
  Origin where;
  std::string key; ///< "rows.a3-app-instances-historic.credit"; empty where the file cannot be read at all
  std::string message; ///< what is wrong and what is allowed, read after the key
  std::string hint;    ///< what to do; may be empty

  bool operator==(const ConfigProblem&) const = default;
};

/// `ferry.toml:12: rows.a3-app-instances-historic.credit is 0, but must be …`
std::string to_string(const ConfigProblem& problem);

/// What else than the file sets keys, in rising order of precedence.
struct Overrides {
  std::map<std::string, std::string>
      environment;               ///< DIALOGFERRY_LEDGER_URL → value; other names are passed by
  std::vector<std::string> sets; ///< "rows.a3-app-instances-historic.credit=500"
};

struct LoadedConfig {
  std::filesystem::path file;
  Config config;
  std::map<std::string, Origin, std::less<>> origins; ///< of the keys that do not have their default
};

/// Reads a configuration file, or finds every mistake there is in it and in the overrides. `now` tells which
/// days are over.
tl::expected<LoadedConfig, std::vector<ConfigProblem>>
load_config(const std::filesystem::path& file, const Overrides& overrides, Instant now = system_now());

/// The same for the text of a file; relative paths start at the folder of `file`.
tl::expected<LoadedConfig, std::vector<ConfigProblem>> read_config(std::string_view text,
                                                                   const std::filesystem::path& file,
                                                                   const Overrides& overrides,
                                                                   Instant now = system_now());

/// The APIs a row needs, names of api_names.
std::vector<std::string_view> apis_of(std::string_view row);

/// `DIALOGFERRY_LEDGER_URL` for `ledger.url`.
std::string environment_name(std::string_view key);

// -- showing it ---------------------------------------------------------------

/// The effective values as a file that can be loaded again, each with a remark on where it comes from. Rows
/// that are off and APIs without a base_url are left out; the password of a ledger URL is masked.
std::string show_toml(const LoadedConfig& loaded);

/// The same as one JSON object of keys, each `{"value", "origin"}`.
std::string show_json(const LoadedConfig& loaded);

/// The reference of every key in Markdown: docs/configuration.md.
std::string reference_markdown();

// -- reloading it ---------------------------------------------------------------

/// One key whose value differs between two configurations.
struct ConfigChange {
  std::string key;
  std::string before; ///< as in TOML
  std::string after;
  bool needs_restart = true;

  bool operator==(const ConfigChange&) const = default;
};

std::vector<ConfigChange> changes(const Config& before, const Config& after);

/// `running` with those values of `loaded` that a running engine takes over: rates, connections, credit,
/// shards_in_flight, where the webhook's secret is.
Config take_over(const Config& running, const Config& loaded);

} // namespace dialogferry::cli
