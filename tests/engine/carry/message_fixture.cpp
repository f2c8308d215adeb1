#include "message_fixture.hpp"

namespace dialogferry::engine::test {

std::string event_json(const std::string& status, const std::string& at, const std::string& registered) {
  return R"({"status":")" + status + R"(","statusText":"","statusChanged":")" + at +
         R"(","eventUserPartyUuid":")" + reader_party + '"' +
         (registered.empty() ? "" : R"(,"registered":")" + registered + '"') + "}";
}

std::string forward_json(const std::string& at, int to_user) {
  return R"({"forwardedOnDate":")" + at + R"(","forwardedByPartyUuid":")" + reader_party +
         R"(","forwardedToUserId":)" + std::to_string(to_user) + "}";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts)
    all += (all.empty() ? "" : ",") + part;
  return all;
}

std::string Message::json() const {
  std::vector<std::string> attachments;
  for (const auto& file : files)
    attachments.push_back(R"({"altinn2AttachmentId":")" + file + R"(","created":")" + created +
                          R"(","senderPartyUuid":")" + reader_party + R"(","size":3,"fileName":"a.pdf"})");
  return R"({"altinn2CorrespondenceId":)" + std::to_string(id) + R"(,"created":")" + created +
         R"(","partyId":51515037,"correspondenceData":{"recipients":)"
         R"(["urn:altinn:organization:identifier-no:310555002"],"correspondence":{)"
         R"("resourceId":"krt-migratedcorrespondence-1574-3","sender":"urn:altinn:organization:identifier-no:318258708",)"
         R"("sendersReference":"REF-1","requestedPublishTime":")" +
         created + R"(","content":{"language":"nb","messageTitle":")" + title +
         R"(","messageSummary":"Les.","messageBody":"<p>Hei</p>"}}},"attachments":[)" + joined(attachments) +
         R"(],"eventHistory":[)" + joined(events) + R"(],"notificationHistory":[],"forwardingHistory":[)" +
         joined(forwards) + "]}";
}

http::Response migrated(bool is_new, const Uuid& target) {
  return response(200, R"({"correspondenceId":")" + to_string(target) + R"(","attachmentStatuses":)" +
                           (is_new ? "[]" : "null") + "}");
}

http::Response dialog_with(const std::string& label) {
  return response(200, R"({"id":"01934c5a-7b00-7039-903d-e31a36a2bcdc","revision":)"
                       R"("01934c5a-7b00-7039-903d-e31a36a2bcdd","endUserContext":{"systemLabels":[")" +
                           label + R"("]}})");
}

http::Response not_there() {
  return response(404, R"({"title":"Not found.","status":404})");
}

Answered reply_to(const Call& call, http::Answer answer) {
  auto made = answered(call.operation, std::move(answer));
  if (made.verdict.kind != http::Verdict::Kind::success) made.api = "api";
  return made;
}

std::shared_ptr<const mapping::Settings> settings() {
  return std::make_shared<const mapping::Settings>();
}

} // namespace dialogferry::engine::test
