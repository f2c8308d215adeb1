#pragma once

#include <dialogferry/cli/properties.hpp>

#include <optional>
#include <string>
#include <toml++/toml.h>

namespace dialogferry::cli {

/// A Config with one goal in it, to ask every property for its default and its type.
Config& standard_config();

/// Puts the value of a file into its slot, or says why not: "is 0, but must be a whole number from 1 to 100".
std::optional<std::string> assign(const Property& property, const Slot& slot, const toml::node& node);

/// The value given as plain text by an environment variable or an argument: strings need no quotes, lists may
/// go by commas.
toml::table node_of_text(const Property& property, std::string_view text);

/// As in TOML: `500`, `"5m"`, `2025-03-01`, `["ttd"]`.
std::string toml_text(const Property& property, const Slot& slot);

/// As in JSON; durations and days are strings.
std::string json_text(const Property& property, const Slot& slot);

/// A JSON string with its quotes.
std::string json_quoted(std::string_view text);

/// `250ms`, `10s`, `5m`, `1h`: the largest unit that loses nothing.
std::string duration_text(std::chrono::milliseconds duration);

/// Reads what duration_text() writes.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Whether a text has its form; files are not looked for.
bool has_form(Form form, std::string_view text);

/// What `form` asks for: "an http:// or https:// URL".
std::string_view name_of(Form form);

} // namespace dialogferry::cli
