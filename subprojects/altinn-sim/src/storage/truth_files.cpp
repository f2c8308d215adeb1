#include "truth_files.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace altinn_sim::storage {

namespace {

constexpr std::string_view receipt_type = "ref-data-as-pdf";

bool is_receipt(const Element& element) {
  return element.type == receipt_type;
}

const Element* first_of_type(const Record& record, const std::string& type) {
  const auto found = std::find_if(record.elements.begin(), record.elements.end(),
                                  [&](const Element& one) { return one.type == type; });
  return found == record.elements.end() ? nullptr : &*found;
}

// M-81, D-7: that of what a file was generated from, whichever data type of the task that is; else its own.
Ticks effective_time(const Record& record, const Element& element) {
  if (element.generated_from.empty()) return element.created;
  for (const auto& type : record.application->data_types) {
    if (type.task_id != element.generated_from || type.id == receipt_type) continue;
    if (const auto* source = first_of_type(record, type.id)) return source->created;
  }
  return element.created;
}

/// The service owner, in its own number; a system user's owner has one too and counts as a user (D-7).
bool of_service_owner(const Record& record, const Element& element) {
  if (element.last_changed_by.size() != 9 || is_receipt(element)) return false;
  return std::none_of(record.events.begin(), record.events.end(), [&](const Event& event) {
    return event.user.system_user_owner == element.last_changed_by;
  });
}

/// Elements that are shown somewhere, the owner's and the users', these with the time that decides.
struct Shown {
  std::size_t of_owner = 0;
  std::vector<std::pair<Ticks, const Element*>> of_users;
};

Shown shown(const Record& record) {
  Shown out;
  const bool altinn_1 = record.is_altinn_1();
  for (const auto& element : record.elements) {
    if (element.hard_deleted) continue;
    if (altinn_1 && element.type == "signature-presentation") continue; // M-80
    if (of_service_owner(record, element)) {
      ++out.of_owner;
    } else {
      out.of_users.emplace_back(effective_time(record, element), &element);
    }
  }
  return out;
}

std::vector<Ticks> submissions_of(const Record& record, const std::vector<Activity>& activities) {
  std::vector<Ticks> out;
  if (record.application->switches.disable_add_transmissions) return out;
  for (const auto& activity : activities) {
    if (activity.kind == ActivityKind::form_submitted) out.push_back(activity.created_at);
  }
  return out;
}

} // namespace

Files files_of(const Record& record, const std::vector<Activity>& activities, std::size_t released) {
  const auto all = shown(record);
  const auto submissions = submissions_of(record, activities);
  Files out;
  out.on_dialog = all.of_owner;
  out.transmissions = std::min(released, submissions.size());
  for (const auto& [time, element] : all.of_users) {
    // The first one at or after it. All of an Altinn 2 form goes with its first (M-87), a receipt with the
    // last one where it is later than all (D-7).
    const auto found = record.is_altinn_2() ? submissions.begin()
                                            : std::lower_bound(submissions.begin(), submissions.end(), time);
    auto at = static_cast<std::size_t>(found - submissions.begin());
    if (is_receipt(*element) && !submissions.empty()) at = std::min(at, submissions.size() - 1);
    if (at < out.transmissions) {
      ++out.sent;
      out.in_transmissions.push_back(element->id);
    } else if (!is_receipt(*element) || (submissions.empty() && record.archived)) {
      ++out.on_dialog;
    }
  }
  std::sort(out.in_transmissions.begin(), out.in_transmissions.end());
  return out;
}

} // namespace altinn_sim::storage
