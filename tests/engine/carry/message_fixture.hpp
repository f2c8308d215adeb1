#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/codec/messages.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <string>
#include <vector>

/// Messages as the archive gives them, and the answers of Correspondence.
namespace dialogferry::engine::test {

inline const std::string reader_party = "b7c1d0aa-5e7f-4c39-8d21-334455667788";
inline const Uuid message_target = *parse_uuid("01934c5a-7b00-7abc-8def-0123456789ab");

/// An entry of `eventHistory`; without `registered` the archive learned of it when it happened.
inline std::string event_json(const std::string& status, const std::string& at,
                              const std::string& registered = {}) {
  return R"({"status":")" + status + R"(","statusText":"","statusChanged":")" + at +
         R"(","eventUserPartyUuid":")" + reader_party + '"' +
         (registered.empty() ? "" : R"(,"registered":")" + registered + '"') + "}";
}

inline std::string forward_json(const std::string& at, int to_user) {
  return R"({"forwardedOnDate":")" + at + R"(","forwardedByPartyUuid":")" + reader_party +
         R"(","forwardedToUserId":)" + std::to_string(to_user) + "}";
}

inline std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts)
    all += (all.empty() ? "" : ",") + part;
  return all;
}

/// A message of Altinn 2.
struct Message {
  std::int32_t id = 1'000'001;
  std::string created = "2025-11-17T11:00:00Z";
  std::vector<std::string> events = {event_json("Published", "2025-11-17T11:00:00Z")};
  std::vector<std::string> forwards = {};
  std::vector<std::string> files = {}; ///< altinn2AttachmentId
  std::string title = "Vedtak";

  std::string json() const {
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
           R"(","messageSummary":"Les.","messageBody":"<p>Hei</p>"}}},"attachments":[)" +
           joined(attachments) + R"(],"eventHistory":[)" + joined(events) +
           R"(],"notificationHistory":[],"forwardingHistory":[)" + joined(forwards) + "]}";
  }
};

inline http::Response migrated(bool is_new = true, const Uuid& target = message_target) {
  return response(200, R"({"correspondenceId":")" + to_string(target) + R"(","attachmentStatuses":)" +
                           (is_new ? "[]" : "null") + "}");
}

/// A dialog as Dialogporten shows it, with this label of its end user.
inline http::Response dialog_with(const std::string& label = "Default") {
  return response(200, R"({"id":"01934c5a-7b00-7039-903d-e31a36a2bcdc","revision":)"
                       R"("01934c5a-7b00-7039-903d-e31a36a2bcdd","endUserContext":{"systemLabels":[")" +
                           label + R"("]}})");
}

inline http::Response not_there() {
  return response(404, R"({"title":"Not found.","status":404})");
}

inline Answered reply_to(const Call& call, http::Answer answer) {
  auto made = answered(call.operation, std::move(answer));
  if (made.verdict.kind != http::Verdict::Kind::success) made.api = "api";
  return made;
}

inline std::shared_ptr<const mapping::Settings> settings() {
  return std::make_shared<const mapping::Settings>();
}

} // namespace dialogferry::engine::test
