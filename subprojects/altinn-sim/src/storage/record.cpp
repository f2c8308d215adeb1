#include "record.hpp"

#include <algorithm>

namespace altinn_sim::storage {

void order_as_stored(TextMap& map) {
  std::stable_sort(map.begin(), map.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.size(), std::string_view(a.first)) <
           std::pair(b.first.size(), std::string_view(b.first));
  });
}

void Record::order_maps() {
  order_as_stored(presentation_texts);
  order_as_stored(data_values);
}

void Record::reset() {
  auto kept_elements = std::move(elements);
  auto kept_events = std::move(events);
  *this = Record{};
  kept_elements.clear();
  kept_events.clear();
  elements = std::move(kept_elements);
  events = std::move(kept_events);
}

const std::string* Record::data_value(std::string_view key) const {
  for (const auto& [name, value] : data_values) {
    if (name == key) return &value;
  }
  return nullptr;
}

void Record::set_data_value(std::string_view key, std::string_view value) {
  for (auto& [name, held] : data_values) {
    if (name == key) {
      held = value;
      return;
    }
  }
  data_values.emplace_back(key, value);
}

} // namespace altinn_sim::storage
