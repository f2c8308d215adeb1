#include "truth_files.hpp"

#include <algorithm>
#include <optional>

namespace altinn_sim::storage {

namespace {

bool is_receipt(const Element& element) {
  return element.type == "ref-data-as-pdf";
}

// M-81 and D-7: any data type of the task that has an element is the source; without one, its own time.
std::optional<Ticks> own_time(const Record& record, const Element& element) {
  if (element.generated_from.empty()) return element.created;
  for (const auto& type : record.application->data_types) {
    if (type.task_id != element.generated_from) continue;
    const auto source = std::find_if(record.elements.begin(), record.elements.end(),
                                     [&](const Element& one) { return one.type == type.id; });
    if (source != record.elements.end()) return source->created;
  }
  return element.created;
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
  const bool sends = !record.application->switches.disable_add_transmissions;
  std::optional<Ticks> last;
  for (const auto& activity : activities) {
    if (!sends || activity.kind != ActivityKind::form_submitted) continue;
    ++out.transmissions;
    last = std::max(last.value_or(activity.created_at), activity.created_at);
  }
  for (const auto& element : record.elements) {
    if (element.hard_deleted) continue; // observed.md OR-10
    if (record.is_altinn_1() && element.type == "signature-presentation") continue; // M-80
    const bool of_owner = element.last_changed_by.size() == 9;
    const bool receipt = is_receipt(element);
    // All of an Altinn 2 form goes with its first submission, whatever its time (M-87); a receipt that is
    // later than every submission goes with the last one (D-7).
    const bool in_time =
        last && (record.is_altinn_2() || receipt || effective_time(record, element) <= *last);
    if (in_time && (receipt || !of_owner))
      ++out.sent;
    else if (!receipt || record.archived)
      ++out.on_dialog;
  }
  return out;
}

} // namespace altinn_sim::storage
