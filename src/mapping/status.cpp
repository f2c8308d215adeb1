#include "status.hpp"

#include "text.hpp"

#include <array>

namespace dialogferry::mapping {

namespace {

struct Names {
  std::string_view key;
  std::string_view dialog_status;
};

constexpr std::array<Names, 9> names{{
    {"archivedunconfirmed", "Awaiting"},
    {"archivedconfirmed", "Completed"},
    {"rejected", "RequiresAttention"},
    {"awaitingserviceownerfeedback", "Awaiting"},
    {"awaitingconfirmation", "InProgress"},
    {"awaitingsignature", "InProgress"},
    {"awaitingadditionaluserinput", "InProgress"},
    {"awaitinginitialuserinput", "Draft"},
    {"awaitinginitialuserinputfromprefill", "InProgress"},
}};

bool is_confirmed(const codec::Instance& instance) {
  return instance.confirmed || is_altinn1_form(instance) || is_altinn2_form(instance);
}

bool was_in_feedback(const codec::Events& events) {
  for (const auto& event : events.list)
    if (event.task_type && same_ignoring_case(*event.task_type, "feedback")) return true;
  return false;
}

/// Of several at that time, which have no stable order, the one whose id is the least (observed.md OS-9).
const codec::Event& first_event(const codec::Events& events) {
  const auto* first = &events.list.front();
  for (const auto& event : events.list)
    if (event.created == first->created && event.id < first->id) first = &event;
  return *first;
}

} // namespace

std::string_view key_of(DerivedStatus status) {
  return names[static_cast<std::size_t>(status)].key;
}

std::string_view dialog_status(DerivedStatus status) {
  return names[static_cast<std::size_t>(status)].dialog_status;
}

bool is_altinn1_form(const codec::Instance& instance) {
  return instance.has_data_value("A1ArchRef");
}
bool is_altinn2_form(const codec::Instance& instance) {
  return instance.has_data_value("A2ArchRef");
}

DerivedStatus derive_status(const codec::Instance& instance, const codec::InstanceStatus& status,
                            const codec::Events& events) {
  if (status.is_archived)
    return is_confirmed(instance) ? DerivedStatus::archived_confirmed : DerivedStatus::archived_unconfirmed;
  const auto task = instance.task ? instance.task->task_type.value_or("") : std::string_view{};
  if (same_ignoring_case(task, "reject")) return DerivedStatus::rejected;
  if (same_ignoring_case(task, "feedback")) return DerivedStatus::awaiting_service_owner_feedback;
  if (same_ignoring_case(task, "confirmation")) return DerivedStatus::awaiting_confirmation;
  if (same_ignoring_case(task, "signing")) return DerivedStatus::awaiting_signature;
  if (was_in_feedback(events)) return DerivedStatus::awaiting_additional_user_input;
  if (events.list.empty()) return DerivedStatus::awaiting_initial_user_input;
  const auto& user = first_event(events).user;
  return !user || user->org_id.value_or("").empty() ? DerivedStatus::awaiting_initial_user_input
                                                    : DerivedStatus::awaiting_initial_user_input_from_prefill;
}

} // namespace dialogferry::mapping
