#include "records.hpp"

#include <stdexcept>

namespace records {

json::value archived_form() {
  return json::parse(R"({
    "kind": "instance",
    "instance": {
      "id": "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb",
      "instanceOwner": {"partyId": "50001234"},
      "appId": "ttd/form", "org": "ttd",
      "status": {"isArchived": true, "isSoftDeleted": false, "isHardDeleted": false},
      "created": "2025-06-18T08:54:53.623376Z", "lastChanged": "2025-06-18T10:00:00Z",
      "data": [
        {"id": "6f3da581-76f9-412c-ba01-44e375b5bc79", "dataType": "model", "contentType": "application/xml",
         "selfLinks": {"platform": "https://platform.tt02.altinn.no/storage/api/v1/instances/50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb/data/6f3da581-76f9-412c-ba01-44e375b5bc79"},
         "created": "2025-06-18T09:00:00Z", "lastChangedBy": "20001234"},
        {"id": "019bd5eb-4239-4a40-a823-7735059ef136", "dataType": "reply", "contentType": "application/pdf",
         "filename": "reply.pdf",
         "selfLinks": {"platform": "https://platform.tt02.altinn.no/storage/api/v1/instances/50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb/data/019bd5eb-4239-4a40-a823-7735059ef136"},
         "created": "2025-06-18T09:30:00Z", "lastChangedBy": "991825827"}
      ]
    },
    "events": [
      {"id": "4ef9d179-2d4b-403f-9fcc-6f7cd619f12e", "eventType": "Created",
       "created": "2025-06-18T08:54:53.7Z", "user": {"userId": 20001234}},
      {"id": "f880f2d0-2b70-4875-8547-e747144f5952", "eventType": "Submited",
       "created": "2025-06-18T10:00:00Z", "user": {"userId": 20001234}}
    ],
    "application": {
      "id": "ttd/form", "org": "ttd", "title": {"nb": "Skjema", "en": "Form"},
      "dataTypes": [{"id": "model", "appLogic": {}, "taskId": "Task_1", "enablePdfCreation": false},
                    {"id": "reply"}]
    },
    "texts": [],
    "parties": {"50001234": "urn:altinn:organization:identifier-no:310912409"},
    "users": {"20001234": "urn:altinn:person:identifier-no:02886430348"},
    "existing": null, "is_migration": false, "now": "2025-06-18T11:00:00Z"
  })");
}

json::value stored_dialog(const json::value& bundle, const dialogferry::mapping::Mapper& mapper) {
  const auto decision = dialogferry::mapping::decide_bundle(json::serialize(bundle), mapper);
  if (!decision) throw std::logic_error(decision.error().message);
  auto dialog = body_of(*decision);
  dialog.as_object()["revision"] = "ccd2be2b-f09c-4426-936f-9af8b822c4d7";
  dialog.as_object()["deletedAt"] = nullptr;
  return dialog;
}

void set(json::value& bundle, std::string_view path, json::value value) {
  auto* at = &bundle;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto name = path.substr(0, path.find('/'));
    path.remove_prefix(name.size());
    if (auto* list = at->if_array()) {
      at = &list->at(std::stoul(std::string(name)));
    } else {
      if (!at->is_object()) *at = json::object{};
      at = &at->as_object()[name];
    }
  }
  *at = std::move(value);
}

void drop(json::value& bundle, std::string_view path) {
  const auto slash = path.rfind('/');
  bundle.at_pointer(path.substr(0, slash)).as_object().erase(path.substr(slash + 1));
}

dialogferry::Result<dialogferry::mapping::Decision> decide(const json::value& bundle,
                                                           const dialogferry::mapping::Settings& settings) {
  return dialogferry::mapping::decide_bundle(json::serialize(bundle), dialogferry::mapping::Mapper(settings));
}

json::value body_of(const dialogferry::mapping::Decision& decision) {
  return json::parse(decision.body);
}

} // namespace records
