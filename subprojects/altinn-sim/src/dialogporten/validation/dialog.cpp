#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/rules.hpp"
#include "dialogporten/validation/storage.hpp"
#include "dialogporten/validation/uri.hpp"
#include "dialogporten/wire/document.hpp"

#include <algorithm>

namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t max_search_tag_length = 63;
constexpr std::string_view resource_prefix = "urn:altinn:resource:";

/// How many GUI actions of a priority a dialog may have.
struct PriorityLimit {
  Priority priority;
  std::ptrdiff_t max;
  std::string_view message;
};

constexpr PriorityLimit priority_limits[] = {
    {Priority::primary, 1, "Only one primary GUI action is allowed."},
    {Priority::secondary, 1, "Only one secondary GUI action is allowed."},
    {Priority::tertiary, 5, "Only five tertiary GUI actions are allowed."},
};

void check_created_and_updated(Rules& rules, const Dialog& dialog, const Place& root) {
  const bool updated_given = dialog.updated_at && dialog.updated_at->supplied();
  const bool created_given = dialog.created_at && dialog.created_at->supplied();
  rules.in_past(root.at("createdAt"), dialog.created_at);
  if (updated_given && !dialog.created_at)
    rules.refuse(root.at("createdAt"), "CreatedAt must not be empty when 'UpdatedAt' is set.");
  if (!updated_given || !created_given) return;
  rules.in_past(root.at("updatedAt"), dialog.updated_at);
  if (*dialog.updated_at < *dialog.created_at)
    rules.refuse(root.at("updatedAt"), "'UpdatedAt' must be greater than or equal to 'CreatedAt'.");
}

void check_service_resource(Rules& rules, std::string_view resource, const Place& place) {
  if (!is_well_formed_uri(resource)) rules.refuse(place, "'ServiceResource' is not a well-formatted URI.");
  rules.at_most(place, resource, uri_max_length);
  if (!resource.starts_with(resource_prefix))
    rules.refuse(place, "'ServiceResource' must start with 'urn:altinn:resource:'.");
}

void check_party(Rules& rules, std::string_view party, const Place& place) {
  if (party.data()) rules.party(place, party);
  rules.not_empty(place, party);
  rules.at_most(place, party, default_max_length);
}

void check_process(Rules& rules, const Dialog& dialog, const Place& root) {
  const auto check_one = [&](const Place& place, const Text& process) {
    if (process && !is_well_formed_uri(*process))
      rules.refuse(place, "'" + display_name(place) + "' is not a well-formatted URI.");
    rules.at_most(place, process, uri_max_length);
  };
  check_one(root.at("process"), dialog.process);
  if (dialog.preceding_process && is_blank(dialog.process.value_or("")))
    rules.refuse(root.at("process"), "Process must not be empty when PrecedingProcess is set.");
  check_one(root.at("precedingProcess"), dialog.preceding_process);
}

/// The members that only a create has (dialogporten.md 3.1).
void check_create(Rules& rules, const Dialog& dialog, const Place& root) {
  rules.version_7(root.at("id"), dialog.id);
  check_created_and_updated(rules, dialog, root);
  rules.at_least(root.at("idempotentKey"), dialog.idempotent_key, 3);
  rules.at_most(root.at("idempotentKey"), dialog.idempotent_key, 36);
  check_service_resource(rules, dialog.service_resource, root.at("serviceResource"));
  check_party(rules, dialog.party, root.at("party"));
  if (dialog.system_label && *dialog.system_label > SystemLabel::archive)
    rules.refuse(root.at("systemLabel"), "SystemLabel must be Default, Bin or Archive.");
  const Place context = root.at("serviceOwnerContext");
  if (dialog.service_owner_context)
    check_labels(rules, dialog.service_owner_context->labels, context.at("serviceOwnerLabels"));
}

/// What only an update has (dialogporten.md 3.3).
void check_update(Rules& rules, const Dialog& dialog, const Place& root, const StoredFacts& facts) {
  if (!dialog.status) rules.in_enum(root.at("status"), Status::none);
  if (!dialog.is_api_only && facts.has_transmission_without_content)
    rules.refuse(root.at("transmissions"),
                 "The dialog must stay IsApiOnly=true: some of its transmissions have no "
                 "content.");
}

void check_dates(Rules& rules, const Dialog& dialog, const Place& root,
                 const std::optional<Time>& visible_from) {
  rules.after(root.at("expiresAt"), dialog.expires_at, dialog.due_at, "DueAt");
  rules.after(root.at("expiresAt"), dialog.expires_at, visible_from, "VisibleFrom");
  if (!rules.caller().admin) rules.after(root.at("dueAt"), dialog.due_at, visible_from, "VisibleFrom");
}

void check_gui_actions(Rules& rules, const std::vector<GuiAction>& actions, const Place& place) {
  for (const auto& limit : priority_limits) {
    const auto count = std::count_if(actions.begin(), actions.end(), [&](const GuiAction& action) {
      return action.priority == limit.priority;
    });
    if (count > limit.max) rules.refuse(place, std::string{limit.message});
  }
  rules.unique_ids(place, actions);
  check_each(rules, actions, place);
}

/// On create every reference must lead to a transmission of the same body; an update looks at stored ones
/// too, and answers 422 (3.3).
void check_references(Rules& rules, const Dialog& dialog, const Place& root) {
  std::unordered_set<Uuid, UuidHash> known;
  for (const auto& transmission : dialog.transmissions)
    if (transmission.id) known.insert(*transmission.id);
  const auto check_one = [&](const Place& place, const std::optional<Uuid>& id) {
    if (id && !known.contains(*id))
      rules.refuse(place, "Item '" + to_string(*id) + "' in 'Transmissions' does not exist.");
  };
  const Place transmissions = root.at("transmissions");
  for (std::size_t i = 0; i < dialog.transmissions.size(); ++i)
    check_one(transmissions.at(i), dialog.transmissions[i].related_transmission_id);
  const Place activities = root.at("activities");
  for (std::size_t i = 0; i < dialog.activities.size(); ++i)
    check_one(activities.at(i), dialog.activities[i].transmission_id);
}

void check_common(Rules& rules, const Dialog& dialog, const Place& root) {
  if (dialog.progress && (*dialog.progress < 0 || *dialog.progress > 100))
    rules.refuse(root.at("progress"), "'Progress' must be between 0 and 100. You entered " +
                                          std::to_string(*dialog.progress) + ".");
  rules.at_most(root.at("extendedStatus"), dialog.extended_status, default_max_length);
  rules.at_most(root.at("externalReference"), dialog.external_reference, default_max_length);
  check_process(rules, dialog, root);
  check(rules, dialog.content, root.at("content"));
  check_tags(rules, dialog.search_tags, root.at("searchTags"), max_search_tag_length, false);
  check_gui_actions(rules, dialog.gui_actions, root.at("guiActions"));
  rules.unique_ids(root.at("apiActions"), dialog.api_actions);
  check_each(rules, dialog.api_actions, root.at("apiActions"));
  rules.unique_ids(root.at("attachments"), dialog.attachments);
  check_each(rules, dialog.attachments, root.at("attachments"));
  rules.unique_ids(root.at("transmissions"), dialog.transmissions);
  check_each(rules, dialog.transmissions, root.at("transmissions"));
  rules.unique_ids(root.at("activities"), dialog.activities);
  check_each(rules, dialog.activities, root.at("activities"));
}

} // namespace

Complaints complaints_of(Verb verb, const Dialog& dialog, Ticks now, const Caller& caller,
                         const StoredFacts& facts) {
  Rules rules{verb, now, caller, dialog.is_api_only};
  const Place root{nullptr, "dto"};
  if (verb == Verb::create) {
    check_create(rules, dialog, root);
    check_dates(rules, dialog, root, dialog.visible_from);
    check_references(rules, dialog, root);
  } else {
    check_update(rules, dialog, root, facts);
    check_dates(rules, dialog, root, facts.visible_from);
  }
  check_common(rules, dialog, root);
  return rules.take();
}

Complaints complaints_of(const Actor& actor, const Place& root, Ticks now, const Caller& caller) {
  Rules rules{Verb::create, now, caller, false};
  check(rules, actor, root);
  return rules.take();
}

Verdict validate(Verb verb, std::string_view body, Ticks now, const Caller& caller,
                 const StoredFacts& facts) {
  const Document document{verb == Verb::create ? Form::create : Form::update, body};
  if (document.unreadable) return {true, {{document.unreadable->path, document.unreadable->message}}, false};
  if (document.is_null) return {true, {{"SerializerErrors", "The body is null."}}, false};
  if (verb == Verb::create && !document.dialog.service_resource.data()) return {false, {}, true};
  Verdict verdict{false, complaints_of(verb, document.dialog, now, caller, facts)};
  verdict.breaks = verdict.complaints.empty() && breaks_storage(document.dialog, body);
  return verdict;
}

} // namespace altinn_sim::dialogporten
