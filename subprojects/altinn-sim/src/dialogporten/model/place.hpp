#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// Where in a body one is: a chain of members and list positions on the stack, spelled out only for an error.
struct Place {
  static constexpr std::size_t no_index = static_cast<std::size_t>(-1);

  const Place* parent = nullptr;
  std::string_view name;
  std::size_t index = no_index;

  Place at(std::string_view member) const { return {this, member, no_index}; }
  Place at(std::size_t position) const { return {this, {}, position}; }
};

/// "attachments[0].urls[1].url"; empty for the root.
std::string path_of(const Place& place);

/// The last member's name in Pascal case, as messages spell it.
std::string display_name(const Place& place);

} // namespace altinn_sim::dialogporten
