#pragma once

#include <dialogferry/model/config.hpp>
#include <dialogferry/model/suggest.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dialogferry::cli {

/// An enumeration in the configuration: `value` counts into Property::choices.
struct Choice {
  std::uint8_t* value;
};

/// Where a property keeps its value in a Config; which alternative it holds is the property's type.
using Slot = std::variant<bool*, std::uint32_t*, double*, std::string*, std::chrono::milliseconds*, Day*,
                          std::vector<std::string>*, Choice>;

/// What a text, or each text of a list, must look like.
enum class Form : std::uint8_t {
  any,
  word,                ///< not empty
  host,                ///< a host name, without scheme and path
  listen,              ///< host:port
  url,                 ///< http:// or https://, without query
  archive_url,         ///< as url, or file: and a folder
  ledger_url,          ///< sqlite: and a path, or postgresql://
  file,                ///< a file that can be read; relative to the configuration file
  optional_file,       ///< as file, but the default need not be there
  organisation,        ///< a service owner code
  organisation_number, ///< nine digits
  row,                 ///< an id of row_ids
};

/// One key of the configuration: what loading, `config show`, the generated reference and reload know of it.
struct Property {
  std::string_view key;  ///< "rows.*.credit"; `*` stands for an API, a row or the number of a goal
  std::string_view help; ///< one phrase, without a full stop
  Form form = Form::any;
  double min = 0; ///< of numbers, and of durations in milliseconds
  double max = std::numeric_limits<double>::max();
  std::span<const std::string_view> choices = {};
  bool needs_restart = true;     ///< false: SIGHUP makes a running engine take it over
  std::string_view example = {}; ///< as in TOML; the default where empty
  Slot (*slot)(Config&, std::string_view name) = nullptr; ///< `name` is what `*` stands for
};

/// Every key there is, in the order of the documentation.
std::span<const Property> properties();

/// The parts of a key: `rows`, `a3-app-instances-historic`, `credit`.
using Path = std::vector<std::string>;

Path split_key(std::string_view key);
std::string join(const Path& path);

/// What `*` stands for in `path`, where `property` has one.
std::string_view name_in(const Property& property, const Path& path);

/// The property at `path`, or nothing where there is none.
const Property* find_property(const Path& path);

/// Whether `path` is a table of the configuration: `rows`, `rows.a3-correspondence`, `goals.0.name`.
bool is_section(const Path& path);

/// What may stand directly below `section`: keys, tables, the names of rows and APIs.
std::vector<std::string> names_below(const Path& section);

/// What is allowed, as the end of "must be …": "a whole number from 1 to 10000".
std::string allowed(const Property& property);

} // namespace dialogferry::cli
