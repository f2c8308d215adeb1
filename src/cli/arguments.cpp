#include "arguments.hpp"

#include <dialogferry/cli/properties.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace dialogferry::cli {

void add_config_options(CLI::App& command, ConfigOptions& options, bool required) {
  command.add_option("--config", options.file, "the configuration file")
      ->required(required)
      ->type_name("FILE");
  command.add_option("--set", options.sets, "overrides a key of the configuration; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

CLI::Validator said() {
  return CLI::Validator(
      [](const std::string& text) -> std::string {
        return text.find_first_not_of(" \t\r\n") == std::string::npos ? "must not be empty" : "";
      },
      "", "said");
}

CLI::Validator known_row() {
  return CLI::Validator(
      [](const std::string& text) -> std::string {
        if (std::find(row_ids.begin(), row_ids.end(), text) != row_ids.end()) return {};
        const std::vector<std::string> rows(row_ids.begin(), row_ids.end());
        const auto meant = nearest(text, rows);
        return fmt::format("there is no row {}; {}", text,
                           meant ? fmt::format("did you mean {}?", *meant)
                                 : fmt::format("there are {}", fmt::join(rows, ", ")));
      },
      "", "known row");
}

CLI::Option* add_row_option(CLI::App& command, std::optional<std::string>& row) {
  return command.add_option("--row", row, "only this row")->check(known_row())->type_name("ROW");
}

CLI::Option* add_day_option(CLI::App& command, const std::string& name, std::optional<Day>& day,
                            const std::string& help) {
  return command
      .add_option_function<std::string>(
          name, [&day](const std::string& text) { day = parse_day(text); }, help)
      ->check(CLI::Validator(
          [](const std::string& text) -> std::string {
            return parse_day(text) ? "" : fmt::format("{} is no day such as 2025-03-01", text);
          },
          "", "day"))
      ->type_name("DAY");
}

} // namespace dialogferry::cli
