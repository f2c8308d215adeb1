#include "values.hpp"

#include <dialogferry/cli/settings.hpp>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace dialogferry::cli {

namespace {

bool may_be_set(const Property& property) {
  return !property.needs_restart && (property.key.starts_with("rows.") || property.key.starts_with("apis."));
}

/// Whether a run has anything to do with it.
bool is_used(const Config& config, const Property& property, const std::string& name) {
  if (property.key.starts_with("rows.")) return config.rows.at(name).enabled;
  return !config.apis.at(name).base_url.empty();
}

Problem unknown(const Config& config, std::string_view name) {
  const auto meant = nearest(name, setting_names(config));
  return {std::string(name), "is no key that may be set at run time",
          meant ? fmt::format("did you mean {}?", *meant) : "`dialogferry ctl show` lists what may be set"};
}

} // namespace

Result<Config> with_setting(const Config& config, std::string_view name, std::string_view value) {
  const auto path = split_key(name);
  const auto* property = find_property(path);
  if (property == nullptr || !may_be_set(*property)) return tl::unexpected(unknown(config, name));
  auto changed = config;
  const auto slot = property->slot(changed, name_in(*property, path));
  if (auto message = assign(*property, slot, *node_of_text(*property, value).get("value")))
    return fail(std::string(name), std::move(*message));
  return changed;
}

Config lay_over(const Config& config, const std::vector<ledger::Setting>& settings) {
  auto in_force = config;
  for (const auto& setting : settings) {
    if (auto changed = with_setting(in_force, setting.name, setting.value))
      in_force = std::move(*changed);
    else
      spdlog::warn("what was set at run time is passed by: {} {}", changed.error().member,
                   changed.error().message);
  }
  return in_force;
}

std::vector<std::string> setting_names(const Config& config) {
  std::vector<std::string> names;
  for (const auto& property : properties()) {
    if (!may_be_set(property)) continue;
    const auto star = property.key.find('*');
    for (const auto& name : names_below(split_key(property.key.substr(0, star - 1))))
      if (is_used(config, property, name)) names.push_back(std::string(property.key).replace(star, 1, name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string setting_json(const Config& config, std::string_view name) {
  const auto path = split_key(name);
  const auto* property = find_property(path);
  auto copy = config;
  return json_text(*property, property->slot(copy, name_in(*property, path)));
}

} // namespace dialogferry::cli
