#include "record.hpp"

namespace altinn_sim::storage {

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
