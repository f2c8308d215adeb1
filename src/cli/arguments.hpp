#pragma once

#include <dialogferry/cli/console.hpp>
#include <dialogferry/model/time.hpp>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace dialogferry::cli {

/// `--config FILE` and `--set KEY=VALUE`.
void add_config_options(CLI::App& command, ConfigOptions& options, bool required = true);

/// `--row ROW`, refused with a suggestion where there is no such row.
CLI::Option* add_row_option(CLI::App& command, std::optional<std::string>& row);

/// An option that takes a day such as 2025-03-01.
CLI::Option* add_day_option(CLI::App& command, const std::string& name, std::optional<Day>& day,
                            const std::string& help);

/// Refuses a text that says nothing.
CLI::Validator said();

/// Refuses what is no id of a row.
CLI::Validator known_row();

} // namespace dialogferry::cli
