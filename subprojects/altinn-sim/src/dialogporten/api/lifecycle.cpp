#include "dialogporten/api/prepare.hpp"

#include <algorithm>

// dialogporten.md 2.4 and 2.7
namespace altinn_sim::dialogporten {

namespace {

std::optional<Response> forbidden_type(const Call& call, const Record& record) {
  if (!record.is_correspondence || call.caller.correspondence) return std::nullopt;
  return forbidden(call.request, "User cannot modify resource type correspondenceservice.");
}

std::shared_ptr<Record> next_revision(const Record& record, const Call& call) {
  auto next = std::make_shared<Record>(record);
  next->revision = call.ids.version_4();
  return next;
}

Response replaced(const Call& call, const Snapshot& before, const Snapshot& next) {
  const auto commit = call.store.replace(before, next);
  if (commit != Commit::done) return refused(call, commit, {});
  call.store.at_work().keep(next->id, call.request.begins_us, call.write_ends);
  return at_its_end(call, no_content(next->revision));
}

} // namespace

Response delete_dialog(Call& call) {
  if (auto answer = met_another_write(call)) return std::move(*answer);
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  const Record& record = *found.record;
  if (record.deleted_at) return gone(call.request, to_string(record.id));
  if (record.frozen && !call.caller.admin) return forbidden(call.request, "User cannot modify frozen dialog");
  if (auto answer = forbidden_type(call, record)) return std::move(*answer);
  if (auto answer = revision_differs(call, record.revision)) return std::move(*answer);
  const auto next = next_revision(record, call);
  next->deleted_at = call.now();
  return replaced(call, found.record, next);
}

Response purge_dialog(Call& call) {
  if (const auto id = parse_any_uuid(call.arguments.front()); id && id->is_nil())
    return problem(call.request, 400, {{"dialogId", "'DialogId' must not be empty."}});
  if (auto answer = met_another_write(call)) return std::move(*answer);
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  const Record& record = *found.record;
  if (auto answer = forbidden_type(call, record)) return std::move(*answer);
  if (auto answer = revision_differs(call, record.revision)) return std::move(*answer);
  const Document document{Form::stored, *record.text};
  const auto commit = call.store.erase(found.record, claims_of(document.dialog));
  if (commit != Commit::done) return refused(call, commit, {});
  call.store.at_work().keep(record.id, call.request.begins_us, call.write_ends);
  auto response = at_its_end(call, no_content(record.revision));
  response.headers.clear();
  return response;
}

Response restore_dialog(Call& call) {
  if (auto answer = met_another_write(call)) return std::move(*answer);
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  if (auto answer = revision_differs(call, found.record->revision)) return std::move(*answer);
  if (!found.record->deleted_at) return no_content(found.record->revision);
  const auto next = next_revision(*found.record, call);
  next->deleted_at.reset();
  return replaced(call, found.record, next);
}

Response freeze_dialog(Call& call) {
  if (!call.caller.admin) return forbidden(call.request, "Only ServiceOwner admin can freeze dialogs.");
  if (auto answer = met_another_write(call)) return std::move(*answer);
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  const Record& record = *found.record;
  if (record.deleted_at) return gone(call.request, to_string(record.id));
  if (auto answer = revision_differs(call, record.revision)) return std::move(*answer);
  if (record.frozen) return no_content(record.revision);
  const auto next = next_revision(record, call);
  next->frozen = true;
  next->updated_at = std::max(record.updated_at, call.now());
  return replaced(call, found.record, next);
}

Response update_form_saved_time(Call& call) {
  Response bare;
  bare.content_type.clear();
  bare.status = 403;
  if (!call.caller.admin) return bare;
  const auto activity_id = parse_any_uuid(call.arguments.back());
  bare.status = 404;
  if (!activity_id || !parse_any_uuid(call.arguments.front())) return bare;

  const auto body = parse_json(call.request.body);
  Binding binding{false};
  Time time;
  if (body)
    read(binding, *body, time, Place{});
  else
    binding.fail(Place{}, "The body is not well-formed JSON.");
  if (binding.failed()) return problem(call.request, 400, {{"SerializerErrors", binding.failure()->message}});

  if (auto answer = met_another_write(call)) return std::move(*answer);
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  const Record& record = *found.record;
  Document document{Form::stored, *record.text};
  auto& activities = document.dialog.activities;
  const auto activity = std::find_if(activities.begin(), activities.end(),
                                     [&](const Activity& it) { return it.id == activity_id; });
  if (activity == activities.end()) return not_found(call.request, "DialogActivity", to_string(*activity_id));
  if (auto answer = revision_differs(call, record.revision)) return std::move(*answer);
  if (activity->type != ActivityType::form_saved)
    return problem(call.request, 422,
                   {{"Type", "Only activities of type 'FormSaved' can change their time."}});
  if (time.ticks > call.request.now + future_tolerance) return problem(call.request, 500);

  activity->created_at = stored(time);
  const auto next = next_revision(record, call);
  next->updated_at = std::max(record.updated_at, stored(time));
  write_down(*next, document.dialog);
  return replaced(call, found.record, next);
}

} // namespace altinn_sim::dialogporten
