#include "dialogporten/api/answers.hpp"
#include "dialogporten/api/call.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/rules.hpp"
#include "dialogporten/validation/storage.hpp"

#include <algorithm>

// dialogporten.md 2.8 and 4.6
namespace altinn_sim::dialogporten {

/// The body of a system label call.
struct SystemLabelChange {
  std::vector<SystemLabel> add;
  std::vector<SystemLabel> obsolete_add;
  std::vector<SystemLabel> remove;
  std::optional<Actor> performed_by;
};

template <class V, As<SystemLabelChange> T>
void describe(V& visit, T& it) {
  visit("addLabels", it.add);
  visit("systemLabels", it.obsolete_add);
  visit("removeLabels", it.remove);
  visit("performedBy", it.performed_by);
}

namespace {

template <class Body>
Complaints read_body(std::string_view text, std::optional<json::value>& parsed, Body& body) {
  parsed = parse_json(text);
  if (!parsed) return {{"SerializerErrors", "The body is not well-formed JSON."}};
  Binding binding{false};
  read(binding, *parsed, body, Place{});
  if (!binding.failed()) return {};
  const auto& failure = *binding.failure();
  return {{failure.path.empty() ? "SerializerErrors" : failure.path, failure.message}};
}

/// Labels belong to the owner: admin sees no more than its own, and nothing of what is deleted.
Found find_owned(const Call& call) {
  auto found = find_dialog(call, false);
  if (found.record && found.record->deleted_at)
    return {nullptr, not_found(call.request, "DialogEntity", to_string(found.record->id))};
  return found;
}

std::vector<Tag> tags_of(const std::vector<std::string>& labels) {
  std::vector<Tag> tags;
  tags.reserve(labels.size());
  for (const auto& label : labels)
    tags.push_back({label});
  return tags;
}

Response labels_changed(const Call& call, const Snapshot& before, std::vector<std::string> labels) {
  auto next = std::make_shared<Record>(*before);
  std::sort(labels.begin(), labels.end());
  next->labels = std::move(labels);
  next->label_revision = call.ids.version_4();
  const auto commit = call.store.replace(before, next);
  return commit == Commit::done ? no_content(next->label_revision) : refused(call, commit, {});
}

std::uint8_t bit_of(SystemLabel label) {
  switch (label) {
  case SystemLabel::bin: return bin_bit;
  case SystemLabel::archive: return archive_bit;
  case SystemLabel::marked_as_unopened: return unopened_bit;
  case SystemLabel::sent: return sent_bit;
  case SystemLabel::normal:
  case SystemLabel::none: break;
  }
  return 0;
}

/// Default, Bin and Archive exclude each other.
std::uint8_t changed_bits(std::uint8_t bits, const SystemLabelChange& change) {
  for (const auto label : change.remove)
    bits &= static_cast<std::uint8_t>(~bit_of(label));
  for (const auto label : change.add) {
    if (label <= SystemLabel::archive) bits &= static_cast<std::uint8_t>(~(bin_bit | archive_bit));
    bits |= bit_of(label);
  }
  return bits;
}

Complaints complaints_of(const SystemLabelChange& change, const Call& call) {
  Complaints complaints;
  const auto names_sent = [](const std::vector<SystemLabel>& labels) {
    return std::find(labels.begin(), labels.end(), SystemLabel::sent) != labels.end();
  };
  if (names_sent(change.add)) complaints.push_back({"dto.addLabels", "'Sent' cannot be added by a client."});
  if (names_sent(change.remove))
    complaints.push_back({"dto.removeLabels", "'Sent' cannot be removed by a client."});
  const auto* end_user = call.request.parameter("enduserId");
  if (end_user && change.performed_by)
    complaints.push_back({"enduserId", "'EnduserId' and 'PerformedBy' exclude each other."});
  if (!end_user && !(call.caller.admin && change.performed_by))
    complaints.push_back({"enduserId", "'EnduserId' is required; an admin may send 'PerformedBy' instead."});
  if (change.performed_by) {
    const Place root{nullptr, "dto"};
    const auto of_actor =
        complaints_of(*change.performed_by, root.at("performedBy"), call.request.now, call.caller);
    complaints.insert(complaints.end(), of_actor.begin(), of_actor.end());
  }
  return complaints;
}

} // namespace

Response get_labels(Call& call) {
  auto found = find_owned(call);
  if (!found.record) return std::move(found.answer);
  std::vector<Tag> labels;
  for (const auto& label : found.record->labels)
    labels.push_back({label});
  std::string body;
  write(body, labels);
  auto response = ok(std::move(body));
  response.headers.emplace_back("Etag", to_string(found.record->label_revision));
  return response;
}

Response add_label(Call& call) {
  std::optional<json::value> parsed;
  Tag tag;
  if (const auto complaints = read_body(call.request.body, parsed, tag); !complaints.empty())
    return problem(call.request, 400, complaints);
  auto found = find_owned(call);
  if (!found.record) return std::move(found.answer);
  if (auto answer = revision_differs(call, found.record->label_revision)) return std::move(*answer);
  auto labels = found.record->labels;
  labels.push_back(lower(tag.value));
  const auto tags = tags_of(labels);
  Rules rules{Verb::create, call.request.now, call.caller, false};
  const Place root{nullptr, "dto"};
  check_labels(rules, tags, root.at("serviceOwnerLabels"));
  if (const auto complaints = rules.take(); !complaints.empty())
    return problem(call.request, 400, complaints);
  if (labels_break_storage(tags)) return problem(call.request, 500);
  labels.back() = std::string{trimmed(labels.back())};
  return labels_changed(call, found.record, std::move(labels));
}

Response remove_label(Call& call) {
  auto found = find_owned(call);
  if (!found.record) return std::move(found.answer);
  if (auto answer = revision_differs(call, found.record->label_revision)) return std::move(*answer);
  auto labels = found.record->labels;
  const auto label = std::find(labels.begin(), labels.end(), lower(trimmed(call.arguments.back())));
  if (label == labels.end()) return not_found(call.request, "Label", call.arguments.back());
  labels.erase(label);
  return labels_changed(call, found.record, std::move(labels));
}

Response set_system_labels(Call& call) {
  std::optional<json::value> parsed;
  SystemLabelChange change;
  if (const auto complaints = read_body(call.request.body, parsed, change); !complaints.empty())
    return problem(call.request, 400, complaints);
  change.add.insert(change.add.end(), change.obsolete_add.begin(), change.obsolete_add.end());
  if (const auto complaints = complaints_of(change, call); !complaints.empty())
    return problem(call.request, 400, complaints);
  if (auto answer = met_another_write(call)) return std::move(*answer);
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  const Record& record = *found.record;
  if (record.deleted_at) return gone(call.request, to_string(record.id));
  if (auto answer = revision_differs(call, record.system_label_revision)) return std::move(*answer);
  const auto bits = changed_bits(record.system_labels, change);
  if (bits == record.system_labels) return no_content(record.system_label_revision);
  auto next = std::make_shared<Record>(record);
  next->system_labels = bits;
  next->system_label_revision = call.ids.version_4();
  const auto commit = call.store.replace(found.record, next);
  if (commit != Commit::done) return refused(call, commit, {});
  call.store.at_work().keep(next->id, call.request.begins_us, call.write_ends);
  return at_its_end(call, no_content(next->system_label_revision));
}

} // namespace altinn_sim::dialogporten
