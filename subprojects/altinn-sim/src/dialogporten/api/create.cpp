#include "dialogporten/api/prepare.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/storage.hpp"

#include <algorithm>

// dialogporten.md 3.1, 4.1, 4.4
namespace altinn_sim::dialogporten {

namespace {

/// Dialogs from before this instant count as seen (dialogporten.md 4.4): 2025-12-01T00:00:00Z.
constexpr Time seen_before{17'645'472'000'000'000};

bool is_future(const std::optional<Time>& time, const Call& call) {
  return time && time->ticks > call.request.now;
}

Complaints unknown_resource(const Call& call, std::string_view urn) {
  Complaints complaints{{"ServiceResource", "Service resource '" + std::string{urn} +
                                                "' is invalid due to one or more of the following reasons:\n"
                                                "- It is not in the resource registry.\n"
                                                "- It has no owner with an organization number.\n"
                                                "- Its type is not supported."}};
  if (call.caller.admin) complaints.push_back({"Org", "The owner of the service resource is not known."});
  return complaints;
}

/// The three dates that must lie ahead, unless silent or admin.
Complaints past_dates(const Call& call, const Dialog& dialog) {
  Complaints complaints;
  if (call.silent || call.caller.admin) return complaints;
  const auto check = [&](const std::optional<Time>& time, std::string key) {
    if (time && !is_future(time, call)) complaints.push_back({std::move(key), "Must be in the future"});
  };
  check(dialog.due_at, "DueAt");
  check(dialog.expires_at, "ExpiresAt");
  check(dialog.visible_from, "VisibleFrom");
  return complaints;
}

/// dialogporten.md 4.4, the rows of create.
void set_times(Record& record, Dialog& dialog, const Call& call) {
  const auto given = [](const std::optional<Time>& time) { return time && time->supplied(); };
  record.created_at = given(dialog.created_at) ? stored(*dialog.created_at) : call.now();
  record.updated_at = given(dialog.updated_at) ? stored(*dialog.updated_at) : call.now();
  if (is_future(dialog.visible_from, call)) {
    record.created_at = record.updated_at = *dialog.visible_from;
    for (auto& transmission : dialog.transmissions)
      transmission.created_at = *dialog.visible_from;
  }
  record.content_updated_at = record.updated_at;
  record.visible_from = dialog.visible_from;
}

std::vector<std::string> stored_labels(const std::optional<ServiceOwnerContext>& context) {
  std::vector<std::string> labels;
  if (context)
    for (const auto& label : context->labels)
      labels.push_back(lower(trimmed(label.value)));
  std::sort(labels.begin(), labels.end());
  return labels;
}

std::uint8_t first_system_labels(const std::optional<SystemLabel>& label) {
  if (label == SystemLabel::archive) return archive_bit;
  return label == SystemLabel::bin ? bin_bit : 0;
}

Snapshot record_of(Dialog& dialog, const Call& call, const Resource& resource) {
  auto record = std::make_shared<Record>();
  record->id = *dialog.id;
  record->revision = call.ids.version_4();
  record->label_revision = call.ids.version_4();
  record->system_label_revision = call.ids.version_4();
  set_times(*record, dialog, call);
  record->party = dialog.party;
  record->labels = stored_labels(dialog.service_owner_context);
  record->idempotent_key = dialog.idempotent_key.value_or("");
  record->service_resource = call.store.intern(dialog.service_resource);
  record->org = call.store.intern(resource.org);
  record->is_correspondence = same_name(resource.type, "correspondenceservice");
  record->system_labels = first_system_labels(dialog.system_label);
  record->created_silently = record->changed_silently = call.silent;
  const bool from_altinn_2 =
      dialog.service_resource.starts_with("urn:altinn:resource:app_" + resource.org + "_a2");
  record->is_content_seen = record->created_at < seen_before || from_altinn_2;
  // Transmissions are judged before activities are linked to them (4.4).
  record->has_unopened_content = has_unopened_content(dialog, record->is_correspondence, false);
  write_down(*record, dialog);
  return record;
}

Response created(const Record& record) {
  Response response;
  response.status = 201;
  response.body = '"' + to_string(record.id) + '"';
  response.headers.emplace_back("Etag", to_string(record.revision));
  return response;
}

Response stored(const Call& call, const Snapshot& record, const std::vector<Claim>& claims) {
  Violation violation;
  const auto commit = call.store.insert(record, claims, violation);
  if (commit != Commit::done) {
    auto answer = refused(call, commit, violation);
    const bool of_key = violation.message.starts_with("Key ('Org', 'IdempotentKey')");
    if (of_key) answer.refusal = "parallel_key";
    return answer;
  }
  if (record->idempotent_key.empty()) return created(*record);
  call.store.at_work().keep(record->id, call.request.begins_us, call.write_ends);
  return at_its_end(call, created(*record));
}

/// The order of outcomes is that of dialogporten.md 1.2.
std::optional<Response> refusal(const Call& call, Document& document,
                                const std::optional<Resource>& resource) {
  Dialog& dialog = document.dialog;
  if (!resource) return problem(call.request, 422, unknown_resource(call, dialog.service_resource));
  if (auto answer = forbidden_resources(call, dialog)) return answer;
  if (dialog.idempotent_key) {
    const std::string key{*dialog.idempotent_key};
    const auto other = call.store.find_key(resource->org, key);
    // Nobody sees yet what a write at the same moment brings: the index refuses it (observed.md OD-7).
    if (other && call.store.at_work().busy_until(*other, call.request.begins_us) == 0)
      return problem(
          call.request, 409,
          {{"IdempotentKey", "'" + key + "' already exists with DialogId '" + to_string(*other) + "'"}});
  }
  if (auto answer = forbidden_activity_type(call, dialog.activities)) return answer;
  if (auto answer = duplicate_transmission_keys(call, dialog.transmissions)) return answer;
  prepare(document, call);
  auto complaints = past_dates(call, dialog);
  const auto tree = hierarchy_complaints(dialog.transmissions);
  complaints.insert(complaints.end(), tree.begin(), tree.end());
  if (complaints.empty())
    if (auto answer = register_down(call, dialog)) return answer;
  if (complaints.empty()) complaints = name_actors(dialog, document, call.surroundings);
  if (!complaints.empty()) return problem(call.request, 422, complaints);
  if (breaks_storage(dialog, call.request.body)) return problem(call.request, 500);
  return std::nullopt;
}

} // namespace

Response create_dialog(Call& call) {
  Document document{Form::create, call.request.body};
  if (document.is_null) return problem(call.request, 500);
  if (document.unreadable)
    return problem(call.request, 400, {{document.unreadable->path, document.unreadable->message}});
  Dialog& dialog = document.dialog;
  // What looks the resource up comes before the checks, and fails where there is none (observed.md OD-5).
  if (!dialog.service_resource.data()) return problem(call.request, 500);
  const auto complaints = complaints_of(Verb::create, dialog, call.request.now, call.caller);
  if (!complaints.empty()) return problem(call.request, 400, complaints);
  if (dialog.id)
    call.store.count_create(*dialog.id);
  else
    dialog.id = call.ids.version_7(call.request.now);
  const auto resource = call.surroundings.resource(dialog.service_resource);
  if (auto answer = refusal(call, document, resource)) return std::move(*answer);
  dialog.party = document.keep(lower(dialog.party));
  const auto names = plain_names(dialog);
  const auto record = record_of(dialog, call, *resource);
  return with_new_names(call, names, [&] { return stored(call, record, claims_of(dialog)); });
}

} // namespace altinn_sim::dialogporten
