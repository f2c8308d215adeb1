#include "dialogporten/api/answers.hpp"

#include "dialogporten/api/call.hpp"

namespace altinn_sim::dialogporten {

namespace {

std::vector<SystemLabel> system_labels_of(const Record& record) {
  std::vector<SystemLabel> labels{folder_of(record)};
  if (record.system_labels & unopened_bit) labels.push_back(SystemLabel::marked_as_unopened);
  if (record.system_labels & sent_bit) labels.push_back(SystemLabel::sent);
  return labels;
}

std::string contexts(const Record& record, bool of_service_owner) {
  std::string out;
  Writer writer{out};
  writer("revision", of_service_owner ? record.label_revision : record.system_label_revision);
  if (of_service_owner) {
    std::vector<Tag> labels;
    for (const auto& label : record.labels)
      labels.push_back({label});
    writer("serviceOwnerLabels", labels);
  } else {
    writer("systemLabels", system_labels_of(record));
  }
  writer.close();
  return out;
}

} // namespace

SystemLabel folder_of(const Record& record) {
  if (record.system_labels & bin_bit) return SystemLabel::bin;
  return record.system_labels & archive_bit ? SystemLabel::archive : SystemLabel::normal;
}

void describe_record(Writer& writer, const Record& record) {
  writer("id", record.id);
  writer("revision", record.revision);
  writer("org", *record.org);
  writer("serviceResourceType", record.is_correspondence ? "correspondenceservice" : "altinnapp");
  writer("deletedAt", record.deleted_at);
  writer("createdAt", record.created_at);
  writer("updatedAt", record.updated_at);
  writer("contentUpdatedAt", record.content_updated_at);
  writer("systemLabel", folder_of(record));
  writer("hasUnopenedContent", record.has_unopened_content);
  writer("fromServiceOwnerTransmissionsCount", record.from_service_owner);
  writer("fromPartyTransmissionsCount", record.from_party);
  writer("isContentSeen", record.is_content_seen);
  writer.raw("seenSinceLastUpdate", "[]");
  writer.raw("seenSinceLastContentUpdate", "[]");
  writer.raw("serviceOwnerContext", contexts(record, true));
  writer.raw("endUserContext", contexts(record, false));
}

std::string full_answer(const Record& record) {
  std::string out;
  out.reserve(record.text->size() + 1024);
  Writer writer{out};
  describe_record(writer, record);
  out += ',';
  out.append(*record.text, 1);
  return out;
}

Response get_dialog(Call& call) {
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  auto response = ok(full_answer(*found.record));
  response.headers.emplace_back("Etag", to_string(found.record->revision));
  return response;
}

} // namespace altinn_sim::dialogporten
