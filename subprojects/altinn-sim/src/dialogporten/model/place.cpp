#include "dialogporten/model/place.hpp"

#include "dialogporten/model/text.hpp"

namespace altinn_sim::dialogporten {

std::string path_of(const Place& place) {
  std::string path = place.parent ? path_of(*place.parent) : std::string{};
  if (!place.name.empty()) {
    if (!path.empty()) path += '.';
    path += place.name;
  }
  if (place.index != Place::no_index) path += '[' + std::to_string(place.index) + ']';
  return path;
}

std::string display_name(const Place& place) {
  const Place* named = &place;
  while (named->parent && named->name.empty())
    named = named->parent;
  return pascal(named->name);
}

} // namespace altinn_sim::dialogporten
