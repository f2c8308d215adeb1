#include "truth_files.hpp"

#include <algorithm>
#include <optional>

namespace altinn_sim::storage {

namespace {

bool is_receipt(const Element& element) {
  return element.type == "ref-data-as-pdf";
}

// M-81; where the source of a generated file is missing, D-7 takes the instance's last change: no time.
std::optional<Ticks> own_time(const Record& record, const Element& element) {
  if (element.generated_from.empty()) return element.created;
  const auto& types = record.application->data_types;
  const auto type = std::find_if(types.begin(), types.end(),
                                 [&](const DataType& one) { return one.task_id == element.generated_from; });
  if (type == types.end()) return element.created;
  const auto source = std::find_if(record.elements.begin(), record.elements.end(),
                                   [&](const Element& one) { return one.type == type->id; });
  if (source == record.elements.end()) return std::nullopt;
  return source->created;
}

Ticks effective_time(const Record& record, const Element& element) {
  return own_time(record, element).value_or(record.last_changed);
}

} // namespace

std::size_t restless_files(const Record& record) {
  if (record.application == nullptr) return 0;
  return static_cast<std::size_t>(
      std::count_if(record.elements.begin(), record.elements.end(),
                    [&](const Element& element) { return !own_time(record, element); }));
}

Files files_of(const Record& record, const std::vector<Activity>& activities) {
  Files out;
  std::vector<std::pair<Ticks, const Element*>> of_users;
  const bool sends = !record.application->switches.disable_add_transmissions;
  const bool altinn_1 = record.is_altinn_1();
  const bool altinn_2 = record.is_altinn_2();
  for (const auto& element : record.elements) {
    if (altinn_1 && element.type == "signature-presentation") continue; // M-80
    const bool of_owner = element.last_changed_by.size() == 9;
    if (sends && !of_owner) {
      of_users.emplace_back(effective_time(record, element), &element);
    } else if (!is_receipt(element)) {
      ++out.on_dialog;
    }
  }
  std::stable_sort(of_users.begin(), of_users.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  auto next = of_users.begin();
  for (const auto& activity : activities) {
    if (!sends || activity.kind != ActivityKind::form_submitted) continue;
    ++out.transmissions;
    // All of an Altinn 2 form goes with its first submission, whatever its time (M-87).
    for (; next != of_users.end() && (altinn_2 || next->first <= activity.created_at); ++next)
      ++out.sent;
  }
  out.on_dialog += static_cast<std::size_t>(
      std::count_if(next, of_users.end(), [](const auto& one) { return !is_receipt(*one.second); }));
  return out;
}

} // namespace altinn_sim::storage
