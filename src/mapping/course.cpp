#include "decide.hpp"
#include "status.hpp"
#include "text.hpp"

namespace dialogferry::mapping {

namespace {

constexpr std::string_view label_prefix = "urn:altinn:integration:storage:";

/// Whether the dialog is marked as that of another instance (M-4).
bool belongs_elsewhere(const codec::StoredDialog& dialog, const codec::Instance& instance) {
  for (auto label : dialog.service_owner_labels) {
    if (!label.starts_with(label_prefix)) continue;
    label.remove_prefix(label_prefix.size());
    if (!same_ignoring_case(label, instance.id)) return true;
  }
  return false;
}

/// M-104: `true` in any case, blanks around it allowed.
bool opted_out(const codec::Instance& instance) {
  auto value = instance.data_value("dialog.disableAutomaticSync").value_or("");
  while (!value.empty() && is_blank(value.substr(0, 1)))
    value.remove_prefix(1);
  while (!value.empty() && is_blank(value.substr(value.size() - 1)))
    value.remove_suffix(1);
  return same_ignoring_case(value, "true");
}

CourseTaken nothing(std::string_view reason, Outcome outcome) {
  return {Course::nothing, reason, outcome};
}

/// The instance is gone for good: a 404, or hard-deleted.
CourseTaken after_the_end(const Input& input, bool deleting_is_off) {
  if (input.existing == nullptr) return nothing("The form is gone and has no dialog", Outcome::excluded);
  if (deleting_is_off) return nothing("The application has switched deletion off", Outcome::excluded);
  return {Course::purge, "The form is gone for good", Outcome::purged};
}

/// Forms of Altinn 1 and 2 are carried only when they were completed and are wholly imported
/// (storage.md 3.2).
std::optional<CourseTaken> unfit_archived_form(const Input& input, const codec::InstanceStatus& status) {
  if (!is_altinn1_form(*input.instance) && !is_altinn2_form(*input.instance)) return std::nullopt;
  if (!status.is_archived)
    return CourseTaken{Course::exclude, "The archived form was never completed", Outcome::excluded};
  if (input.events != nullptr && input.events->list.empty())
    return CourseTaken{Course::later, "The archived form is not wholly imported yet", Outcome::deferred};
  return std::nullopt;
}

CourseTaken create_course(const Input& input, bool soft_deleted) {
  if (input.application != nullptr && input.application->switches().disable_create)
    return nothing("The application has switched the making of dialogs off", Outcome::excluded);
  if (!soft_deleted) return {Course::create, "The form has no dialog yet", Outcome::created};
  if (input.application != nullptr && input.application->switches().disable_delete)
    return {Course::create, "The form is deleted, but deletion is switched off", Outcome::created};
  return {Course::create_and_remove, "The form is deleted and has no dialog yet", Outcome::deleted};
}

} // namespace

Result<CourseTaken> choose_course(const Input& input) {
  const bool deleting_is_off = input.application != nullptr && input.application->switches().disable_delete;
  if (input.application != nullptr && input.application->switches().disable_sync)
    return nothing("The application has switched synchronisation off", Outcome::excluded);
  if (input.instance == nullptr) return after_the_end(input, deleting_is_off);

  const auto& instance = *input.instance;
  const auto& status = instance.status;
  if (input.existing != nullptr && belongs_elsewhere(*input.existing, instance))
    return nothing("The dialog is that of another form", Outcome::excluded);
  const bool deleted_there = input.existing != nullptr && input.existing->deleted_at;
  if (status.is_soft_deleted && !status.is_hard_deleted && deleted_there)
    return nothing("The form and its dialog are both deleted", Outcome::unchanged);
  if (opted_out(instance)) return nothing("The form itself has opted out", Outcome::excluded);
  if (status.is_hard_deleted) return after_the_end(input, deleting_is_off);
  if (status.is_soft_deleted && input.existing != nullptr) {
    if (deleting_is_off) return nothing("The application has switched deletion off", Outcome::excluded);
    return CourseTaken{Course::remove, "The form is deleted", Outcome::deleted};
  }
  if (const auto unfit = unfit_archived_form(input, status)) return *unfit;
  if (input.existing == nullptr) return create_course(input, status.is_soft_deleted);
  if (deleted_there) return CourseTaken{Course::restore_and_update, "The form is back", Outcome::restored};
  return CourseTaken{Course::update, "The dialog is brought up to date", Outcome::updated};
}

} // namespace dialogferry::mapping
