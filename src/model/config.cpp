#include <dialogferry/model/config.hpp>

namespace dialogferry {

std::string_view name_of(Environment environment) {
  constexpr std::array<std::string_view, 3> names = {"tt02", "prod", "local"};
  return names[static_cast<std::size_t>(environment)];
}

Config::Config() {
  for (const auto name : api_names)
    apis.emplace(name, ApiConfig{});
  for (const auto id : row_ids)
    rows.emplace(id, RowConfig{}).first->second.enabled = false;
}

} // namespace dialogferry
