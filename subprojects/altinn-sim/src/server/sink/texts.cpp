#include "texts.hpp"

#include <array>

namespace altinn_sim::sink {

namespace {

/// Puts the organisation and the app where "@org@" and "@app@" stand.
std::string filled(std::string_view source, std::string_view organisation) {
  std::string text(source);
  auto replace = [&](std::string_view gap, std::string_view value) {
    for (auto at = text.find(gap); at != std::string::npos; at = text.find(gap, at + value.size())) {
      text.replace(at, gap.size(), value);
    }
  };
  replace("@org@", organisation);
  replace("@app@", app_name);
  return text;
}

struct Element {
  std::string_view id; ///< its first eight characters; the rest is the instance's
  std::string_view data_type;
  std::string_view filename; ///< empty = none
  std::string_view content_type;
  std::string_view size;
  std::string_view more; ///< members that only this one has
};

constexpr std::array elements = {
    Element{"a1f04c3e", "model", "", "application/xml", "4127", ""},
    Element{"b27d90aa", "ref-data-as-pdf", "Årsrapport for næringsdrivende.pdf", "application/pdf", "81234",
            R"("references":[{"value":"Task_1","relation":"GeneratedFrom","valueType":"Task"}],)"},
    Element{"c3b8e611", "vedlegg", "Noter til regnskapet.pdf", "application/pdf", "190233", ""},
    Element{"d40c2f97", "vedlegg", "Styrets beretning.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "40961", ""},
};

std::string element_json(const Element& element) {
  std::string id = std::string(element.id) + "@tail@";
  std::string json = R"({"id":")" + id + R"(","instanceGuid":"@id@","dataType":")";
  json += element.data_type;
  if (!element.filename.empty()) json.append(R"(","filename":")").append(element.filename);
  json.append(R"(","contentType":")").append(element.content_type);
  json +=
      R"(","selfLinks":{"platform":"https://platform.tt02.altinn.no/storage/api/v1/instances/@party@/@id@/data/)" +
      id + R"("},"size":)";
  json += element.size;
  json += R"(,"locked":true,"refs":[],"isRead":true,"tags":[],)";
  json += element.more;
  return json +
         R"("fileScanResult":"NotApplicable","created":"@created@","createdBy":"@user@","lastChanged":"@changed@","lastChangedBy":"@user@"})";
}

constexpr std::string_view instance_begin =
    R"({"id":"@party@/@id@","instanceOwner":{"partyId":"@party@","organisationNumber":"@number@"},)"
    R"("appId":"@org@/@app@","org":"@org@","selfLinks":{"platform":"https://platform.tt02.altinn.no/storage/api/v1/instances/@party@/@id@"},)"
    R"("visibleAfter":"@created@","process":{"started":"@created@","startEvent":"StartEvent_1","ended":"@changed@","endEvent":"EndEvent_1"},)"
    R"("status":{"isArchived":true,"archived":"@changed@","isSoftDeleted":false,"isHardDeleted":false,"readStatus":"Read"},)"
    R"("completeConfirmations":[{"stakeholderId":"@org@","confirmedOn":"@changed@"}],"data":[)";

constexpr std::string_view instance_end =
    R"(],"presentationTexts":{"virksomhet":"Fjordgløtt Fiskeoppdrett AS","periode":"2024"},)"
    R"("dataValues":{"periode":"2024","antallAnsatte":"12","revisjonspliktig":"nei"},)"
    R"("created":"@created@","createdBy":"@user@","lastChanged":"@changed@","lastChangedBy":"@user@"})";

/// An event by the user; `id` is its first eight characters.
std::string event_json(std::string_view id, std::string_view type, std::string_view time,
                       std::string_view more) {
  std::string json = R"({"id":")";
  json.append(id).append(R"(@tail@","instanceId":"@party@/@id@","created":")").append(time);
  json.append(R"(","eventType":")").append(type);
  json += R"(","instanceOwnerPartyId":"@party@","user":{"userId":@user@,"authenticationLevel":3},)";
  json += R"("processInfo":{"started":"@created@","startEvent":"StartEvent_1")";
  return json.append(more).append("}}");
}

constexpr std::string_view at_task =
    R"(,"currentTask":{"flow":2,"started":"@created@","elementId":"Task_1","name":"Utfylling","altinnTaskType":"data","flowType":"CompleteCurrentMoveToNext"})";

constexpr std::string_view application =
    R"({"id":"@org@/@app@","versionId":"1.4.2","org":"@org@",)"
    R"("title":{"nb":"Årsrapport for næringsdrivende","nn":"Årsrapport for næringsdrivande","en":"Annual report for businesses"},)"
    R"("processId":"Process_1","dataTypes":[)"
    R"({"id":"model","allowedContentTypes":["application/xml"],"appLogic":{"autoCreate":true,"classRef":"Altinn.App.Models.Skjema","allowAnonymousOnStateless":false,"autoDeleteOnProcessEnd":false},"taskId":"Task_1","maxCount":1,"minCount":1,"enablePdfCreation":true},)"
    R"({"id":"vedlegg","allowedContentTypes":["application/pdf"],"taskId":"Task_1","maxSize":25,"maxCount":10,"minCount":0,"enablePdfCreation":false},)"
    R"({"id":"ref-data-as-pdf","allowedContentTypes":["application/pdf"],"maxCount":0,"minCount":0}],)"
    R"("partyTypesAllowed":{"bankruptcyEstate":false,"organisation":true,"person":false,"subUnit":false},)"
    R"("autoDeleteOnProcessEnd":false,"disallowUserInstantiation":false,"copyInstanceSettings":{"enabled":true,"excludedDataTypes":null,"excludedDataFields":null,"includeAttachments":false},)"
    R"("created":"2023-04-11T07:12:09.1182641Z","createdBy":"utvikler","lastChanged":"2024-11-02T10:44:51.7120034Z","lastChangedBy":"utvikler"})";

constexpr std::string_view texts =
    R"({"id":"@org@-@app@-@language@","org":"@org@","language":"@language@","resources":[)"
    R"({"id":"appName","value":"Årsrapport","variables":null},)"
    R"({"id":"dp.summary._any_.archivedconfirmed","value":"Årsrapporten er mottatt.","variables":null}]})";

} // namespace

std::string organisation_code(std::size_t index) {
  constexpr std::array<std::string_view, 8> codes = {"skd", "brg", "nav", "krt", "ssb", "udi", "svv", "hdir"};
  if (index < codes.size()) return std::string(codes[index]);
  return "org" + std::to_string(index + 1);
}

std::string instance_json(std::string_view organisation) {
  std::string json(instance_begin);
  for (const auto& element : elements) {
    if (json.back() == '}') json += ',';
    json += element_json(element);
  }
  return filled(json.append(instance_end), organisation);
}

std::string dialog_json(std::string_view organisation) {
  return filled(
      R"({"id":"@dialog@","revision":"5f0d7c1e@tail@","org":"@org@","serviceResourceType":"altinnapp",)"
      R"("createdAt":"@made@","updatedAt":"@updated@","contentUpdatedAt":"@updated@","systemLabel":"Archive",)"
      R"("hasUnopenedContent":false,"fromServiceOwnerTransmissionsCount":0,"fromPartyTransmissionsCount":1,)"
      R"("isContentSeen":true,"seenSinceLastUpdate":[],"seenSinceLastContentUpdate":[],)"
      R"("serviceOwnerContext":{"revision":"6a0d7c1e@tail@","serviceOwnerLabels":[{"value":"urn:altinn:integration:storage:@party@/@id@"}]},)"
      R"("endUserContext":{"revision":"7b0d7c1e@tail@","systemLabels":["Archive","Sent"]},)"
      R"("serviceResource":"urn:altinn:resource:app_@org@_@app@","party":"urn:altinn:organization:identifier-no:@number@",)"
      R"("visibleFrom":"@made@","status":"Completed","isApiOnly":false,"guiAttachmentCount":2,)"
      R"("content":{"title":{"value":[{"value":"Årsrapport for næringsdrivende - Fjordgløtt Fiskeoppdrett AS, 2024","languageCode":"nb"},)"
      R"({"value":"Annual report for businesses - Fjordgløtt Fiskeoppdrett AS, 2024","languageCode":"en"}],"mediaType":"text/plain"},)"
      R"("summary":{"value":[{"value":"Årsrapporten er mottatt.","languageCode":"nb"}],"mediaType":"text/plain"}},)"
      R"("latestActivity":{"id":"e1000004@tail@","createdAt":"@updated@","type":"FormSubmitted",)"
      R"("performedBy":{"actorType":"PartyRepresentative","actorName":"KARI NORDMANN","actorId":"urn:altinn:person:identifier-ephemeral:c56ed1e4a0"},"description":[]}})",
      organisation);
}

std::string events_json() {
  std::string json = R"({"instanceEvents":[)";
  json += event_json("e1000001", "Created", "@created@", at_task) + ",";
  json += event_json("e1000002", "Saved", "@created@", at_task) + ",";
  json += event_json("e1000003", "Signed", "@changed@", at_task) + ",";
  json += event_json("e1000004", "Submited", "@changed@", R"(,"ended":"@changed@","endEvent":"EndEvent_1")");
  return json += "]}";
}

std::string application_json(std::string_view organisation) {
  return filled(application, organisation);
}

std::string texts_json(std::string_view organisation, std::string_view language) {
  auto json = filled(texts, organisation);
  for (auto at = json.find("@language@"); at != std::string::npos; at = json.find("@language@")) {
    json.replace(at, 10, language);
  }
  return json;
}

std::string file_json(std::uint64_t size, std::string_view md5) {
  return R"({"altinn2AttachmentId":"@message@","created":"@changed@","senderPartyUuid":"5b8f2a10-0000-4000-8000-0000@party@","size":)" +
         std::to_string(size) +
         R"(,"fileName":"Vedtak om fradrag.pdf","displayName":"Vedtak om fradrag","checksum":")" +
         std::string(md5) + R"(","isEncrypted":false})";
}

std::string message_json(std::string_view file) {
  std::string json =
      R"({"altinn2CorrespondenceId":@message@,"created":"@changed@","changed":"@changed@","partyId":@party@,"correspondenceData":{"recipients":["urn:altinn:organization:identifier-no:@number@"],"correspondence":{"resourceId":"skd-migratedcorrespondence-5229-1","sender":"urn:altinn:organization:identifier-no:974761076","sendersReference":"REF-@message@","messageSender":"Etat for eksempler","requestedPublishTime":"@changed@","content":{"language":"nb","messageTitle":"Vedtak om fradrag @message@","messageSummary":"Vedtaket ligger ved. Les det innen fristen, og svar om du er uenig.","messageBody":"<h2>Orientering</h2><p>Saken er behandlet, og vedtaket ligger ved. Du kan klage innen tre uker. Klagen sendes til oss, og behandles av en klageinstans. Les mer om rettighetene dine på nettsidene våre, eller ring oss.</p>"},"propertyList":{"caseNumber":"sak @message@"}}},"eventHistory":[{"status":"Published","statusText":"Correspondence Published in Altinn 2","statusChanged":"@changed@","eventUserPartyUuid":"5b8f2a10-0000-4000-8000-0000@party@"},{"status":"Read","statusText":"","statusChanged":"@changed@","eventUserPartyUuid":"6c9a3b21-0000-4000-8000-0000@user@"}],"notificationHistory":[{"altinn2NotificationId":@message@,"notificationChannel":"Email","notificationAddress":"post\u0040eksempel.no","notificationSent":"@changed@","isReminder":false}])";
  if (!file.empty()) json.append(R"(,"attachments":[)").append(file).append("]");
  return json += '}';
}

std::string party_json() {
  return R"({"partyId":@party@,"partyUuid":"5b8f2a10-0000-4000-8000-0000@party@","partyType":"organization","displayName":"FJORDGLØTT FISKEOPPDRETT AS","organizationIdentifier":"@number@","externalUrn":"urn:altinn:organization:identifier-no:@number@"})";
}

std::string user_json() {
  return R"({"partyId":@user@,"partyUuid":"6c9a3b21-0000-4000-8000-0000@user@","partyType":"person","displayName":"KARI NORDMANN","personIdentifier":"@person@","externalUrn":"urn:altinn:person:identifier-no:@person@","user":{"userId":@user@,"userIds":[@user@],"username":"bruker@user@"}})";
}

} // namespace altinn_sim::sink
