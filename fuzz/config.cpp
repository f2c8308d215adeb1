#include "property.hpp"
#include "targets.hpp"

#include <dialogferry/cli/config.hpp>

namespace fuzz {

void config(std::string_view input) {
  using namespace dialogferry::cli;
  const Memory memory;
  const auto loaded = read_config(input, "/nowhere/ferry.toml", {});
  memory.require_proportion(input.size());
  if (!loaded) {
    require(!loaded.error().empty(), "what is refused has a reason");
    for (const auto& problem : loaded.error())
      require(!problem.message.empty(), "a problem says what is wrong");
    return;
  }
  require_json(show_json(*loaded));
  const auto again = read_config(show_toml(*loaded), "/nowhere/ferry.toml", {});
  require(again.has_value(), "what is shown can be loaded again");
}

} // namespace fuzz
