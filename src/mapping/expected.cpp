#include "decide.hpp"
#include "status.hpp"

#include <dialogferry/mapping/expected.hpp>

#include <algorithm>

namespace dialogferry::mapping {

namespace {

/// The instance with all that decides about its dialog.
codec::Instance instance_of(const codec::InstanceHead& head) {
  codec::Instance instance;
  instance.id = head.id;
  instance.party_id = head.party_id;
  instance.guid = head.guid;
  instance.app_id = head.app_id;
  instance.status.is_archived = head.is_archived;
  instance.status.is_soft_deleted = head.is_soft_deleted;
  instance.status.is_hard_deleted = head.is_hard_deleted;
  instance.data_values = head.data_values;
  instance.created = head.created;
  instance.last_changed = head.last_changed.value_or(head.created);
  return instance;
}

} // namespace

Result<Expected> expected_of(const Mapper& mapper, const codec::InstanceHead& head,
                             const PreparedApplication* application, Instant now) {
  const auto instance = instance_of(head);
  Input input;
  input.instance = &instance;
  input.application = application;
  input.now = now;
  const auto taken = choose_course(input);
  if (!taken) return tl::unexpected(taken.error());
  Expected expected;
  expected.reason = taken->reason;
  if (taken->course != Course::create && taken->course != Course::create_and_remove) return expected;
  const auto id = mapper.dialog_id_of(instance, application, now);
  if (!id) return tl::unexpected(id.error());
  if (!*id) return expected; // the one that the application chose cannot be used (M-4)
  expected.is_there = true;
  expected.id = **id;
  expected.created_at = instance.created;
  expected.updated_at = std::max(instance.created, instance.last_changed);
  expected.visible_from = head.visible_after;
  expected.is_deleted = taken->course == Course::create_and_remove;
  return expected;
}

std::string service_resource_of(std::string_view app_id) {
  std::string resource = "urn:altinn:resource:app_";
  std::replace_copy(app_id.begin(), app_id.end(), std::back_inserter(resource), '/', '_');
  return resource;
}

bool is_archived_form(const codec::InstanceHead& head) {
  const auto instance = instance_of(head);
  return is_altinn1_form(instance) || is_altinn2_form(instance);
}

} // namespace dialogferry::mapping
