#include "dialogporten/api/merge.hpp"
#include "dialogporten/api/prepare.hpp"
#include "dialogporten/validation/rules.hpp"
#include "dialogporten/validation/storage.hpp"

#include <algorithm>
#include <iterator>

// dialogporten.md 1.2, 3.3, 4.2 to 4.5
namespace altinn_sim::dialogporten {

namespace {

void append(Complaints& to, Complaints from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

StoredFacts facts_of(const Dialog& before) {
  return {before.visible_from, std::any_of(before.transmissions.begin(), before.transmissions.end(),
                                           [](const Transmission& it) { return !it.content; })};
}

std::optional<Response> refusal_of_state(const Call& call, const Record& record) {
  if (record.deleted_at) return gone(call.request, to_string(record.id));
  if (record.frozen && !call.caller.admin) return forbidden(call.request, "User cannot modify frozen dialog");
  return revision_differs(call, record.revision);
}

/// The rules after the state of the dialog, in their order. A domain error that was met first wins over a 403
/// or 409, but not over the 403 for resources, which comes last and drops it.
std::optional<Response> refusal_of_change(const Call& call, const Dialog& before, Document& document,
                                          Dialog& next) {
  const Dialog& update = document.dialog;
  const auto unprocessable = [&](const Complaints& complaints) {
    return problem(call.request, 422, complaints);
  };
  auto complaints = date_complaints(call, before, update);
  append(complaints, known_activities(before, update));
  if (auto answer = forbidden_activity_type(call, update.activities))
    return complaints.empty() ? std::move(*answer) : unprocessable(complaints);
  append(complaints, known_transmissions(before, update));
  next = merged(before, update);
  if (auto answer = duplicate_transmission_keys(call, next.transmissions))
    return complaints.empty() ? std::move(*answer) : unprocessable(complaints);
  append(complaints, hierarchy_complaints(next.transmissions));
  append(complaints, unknown_references(next, update));
  append(complaints, attachment_complaints(call, before, update));
  if (auto answer = forbidden_resources(call, next)) return answer;
  if (complaints.empty())
    if (auto answer = register_down(call, update)) return answer;
  if (complaints.empty()) complaints = name_actors(next, document, call.surroundings);
  if (!complaints.empty()) return unprocessable(complaints);
  if (breaks_storage(next, call.request.body)) return problem(call.request, 500);
  return std::nullopt;
}

/// dialogporten.md 4.4, the rows of a change.
void move_times(Record& record, const Call& call, bool with_content) {
  if (record.visible_from && record.visible_from->ticks > call.request.now) {
    record.updated_at = record.content_updated_at = *record.visible_from;
    return;
  }
  if (call.silent) return;
  record.updated_at = std::max(record.updated_at, call.now());
  if (!with_content) return;
  record.content_updated_at = call.now();
  record.is_content_seen = false;
}

/// The record after the change; the same revision where nothing changed.
std::shared_ptr<Record> changed_record(const Record& before, const Dialog& old, Dialog& next,
                                       const Call& call) {
  auto record = std::make_shared<Record>(before);
  const bool with_content = content_changed(old, next);
  record->has_unopened_content = has_unopened_content(next, before.is_correspondence, true);
  write_down(*record, next);
  if (*record->text == *before.text) record->text = before.text;
  if (record->text != before.text || record->has_unopened_content != before.has_unopened_content) {
    record->revision = call.ids.version_4();
    record->changed_silently = call.silent;
    move_times(*record, call, with_content);
  }
  if (!call.silent) record->system_labels &= static_cast<std::uint8_t>(~(bin_bit | archive_bit));
  if (record->system_labels != before.system_labels) record->system_label_revision = call.ids.version_4();
  return record;
}

Response stored(const Call& call, const Snapshot& before, const Snapshot& next,
                const std::vector<Claim>& claims_before, const std::vector<Claim>& claims_after) {
  Violation violation;
  const auto commit = call.store.replace(before, next, claimed_beyond(claims_after, claims_before),
                                         claimed_beyond(claims_before, claims_after), &violation);
  if (commit != Commit::done) return refused(call, commit, violation);
  call.store.count_update(before->id);
  if (next->revision == before->revision) return no_content(next->revision);
  call.store.at_work().keep(next->id, call.request.begins_us, call.write_ends);
  return at_its_end(call, no_content(next->revision));
}

/// 410, 403 or 412; an admin may add activities to what is deleted (dialogporten.md 5).
std::optional<Response> refusal_of_append(const Call& call, const Record& record) {
  if (record.deleted_at && call.caller.admin) return revision_differs(call, record.revision);
  return refusal_of_state(call, record);
}

/// The checks of one activity that is added to those of `before`.
std::optional<Response> refusal_of_activity(const Call& call, const Dialog& before, Document& document,
                                            Dialog& next) {
  auto complaints = known_activities(before, document.dialog);
  if (auto answer = forbidden_activity_type(call, document.dialog.activities)) return answer;
  prepare(document, call);
  next = before;
  next.activities.push_back(document.dialog.activities.front());
  append(complaints, unknown_references(next, document.dialog));
  if (complaints.empty())
    if (auto answer = register_down(call, document.dialog)) return answer;
  if (complaints.empty()) complaints = name_actors(next, document, call.surroundings);
  if (!complaints.empty()) return problem(call.request, 422, complaints);
  if (breaks_storage(next, call.request.body)) return problem(call.request, 500);
  return std::nullopt;
}

} // namespace

Response update_dialog(Call& call) {
  Document document{Form::update, call.request.body};
  if (document.is_null) return problem(call.request, 500);
  if (document.unreadable)
    return problem(call.request, 400, {{document.unreadable->path, document.unreadable->message}});
  auto found = find_dialog(call);
  auto met = met_another_write(call);
  if (!found.record) return met ? std::move(*met) : std::move(found.answer);
  const Record& before = *found.record;

  Document stored_document{Form::stored, *before.text};
  const Dialog& old = stored_document.dialog;
  const auto complaints =
      complaints_of(Verb::update, document.dialog, call.request.now, call.caller, facts_of(old));
  if (!complaints.empty()) return problem(call.request, 400, complaints);
  if (met) return std::move(*met);
  if (auto answer = refusal_of_state(call, before)) return std::move(*answer);
  prepare(document, call);
  Dialog next;
  if (auto answer = refusal_of_change(call, old, document, next)) return std::move(*answer);

  const auto names = plain_names(document.dialog);
  const auto record = changed_record(before, old, next, call);
  return with_new_names(call, names,
                        [&] { return stored(call, found.record, record, claims_of(old), claims_of(next)); });
}

Response create_activity(Call& call) {
  const auto wrapped = R"({"activities":[)" + std::string{call.request.body} + "]}";
  Document document{Form::update, wrapped};
  if (document.unreadable || document.dialog.activities.size() != 1)
    return problem(call.request, 400,
                   {{document.unreadable ? document.unreadable->path : "SerializerErrors",
                     document.unreadable ? document.unreadable->message : "The body is no activity."}});
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  const Record& before = *found.record;
  Document stored_document{Form::stored, *before.text};
  const Dialog& old = stored_document.dialog;
  Rules rules{Verb::update, call.request.now, call.caller, old.is_api_only};
  const Place root{nullptr, "dto"};
  check(rules, document.dialog.activities.front(), root);
  if (const auto complaints = rules.take(); !complaints.empty())
    return problem(call.request, 400, complaints);
  if (auto met = met_another_write(call)) return std::move(*met);
  if (auto answer = refusal_of_append(call, before)) return std::move(*answer);
  Dialog next;
  if (auto answer = refusal_of_activity(call, old, document, next)) return std::move(*answer);
  const auto names = plain_names(document.dialog);
  const auto id = *document.dialog.activities.front().id;
  const auto record = changed_record(before, old, next, call);
  auto answer = with_new_names(
      call, names, [&] { return stored(call, found.record, record, claims_of(old), claims_of(next)); });
  if (answer.status != 204) return answer;
  answer.status = 201;
  answer.body = '"' + to_string(id) + '"';
  answer.content_type = "application/json; charset=utf-8";
  return answer;
}

} // namespace altinn_sim::dialogporten
