#include "correspondence/api/desk.hpp"
#include "correspondence/wire/names.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

// Overview and details of a correspondence (correspondence.md 6.3)
namespace altinn_sim::correspondence {

namespace {

std::string spelled(Ticks at) {
  return to_string(dialogporten::Time{at});
}

std::string_view status_name(int status) {
  return status_names[static_cast<std::size_t>(std::clamp(status, 0, 12))];
}

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::value time_of(const Record& record, int status) {
  const auto* event = record.first(status);
  return event == nullptr ? json::value(nullptr) : json::value(spelled(event->at));
}

json::array attachments_of(const Desk& desk, const Record& record) {
  json::array out;
  for (const auto& id : record.attachments) {
    const auto& file = desk.store.attachments.at(id);
    out.push_back({{"id", to_string(id)},
                   {"fileName", or_null(file.file_name)},
                   {"displayName", or_null(file.display_name)},
                   {"isEncrypted", false},
                   {"checksum", nullptr},
                   {"sendersReference", record.senders_reference},
                   {"dataType", "application/octet-stream"},
                   {"dataLocationType", "AltinnCorrespondenceAttachment"},
                   {"status", "Published"},
                   {"statusText", ""},
                   {"statusChanged", spelled(record.created)},
                   {"created", spelled(record.created)},
                   {"expirationTime", nullptr}});
  }
  return out;
}

json::array references_of(const Record& record) {
  json::array out;
  for (const auto& each : record.references)
    out.push_back({{"referenceType", reference_names[static_cast<std::size_t>(each.type)]},
                   {"referenceValue", each.value}});
  return out;
}

json::array replies_of(const Record& record) {
  json::array out;
  for (const auto& each : record.reply_options)
    out.push_back({{"linkURL", each.url}, {"linkText", or_null(each.text)}});
  return out;
}

/// The highest ever, not the latest (correspondence.md 5).
const StatusEvent& current(const Record& record) {
  return *std::max_element(record.statuses.begin(), record.statuses.end(),
                           [](const StatusEvent& a, const StatusEvent& b) { return a.status < b.status; });
}

json::array history_of(const Record& record) {
  json::array out;
  for (const auto& each : record.statuses)
    out.push_back({{"status", status_name(each.status)},
                   {"statusText", status_name(each.status)},
                   {"statusChanged", spelled(each.at)}});
  return out;
}

json::object content_of(const Desk& desk, const Record& record) {
  return {{"language", record.language},
          {"messageTitle", record.title},
          {"messageSummary", record.summary},
          {"messageBody", "Se **vedlegg**."},
          {"attachments", attachments_of(desk, record)}};
}

json::object body_of(const Desk& desk, const Record& record) {
  json::object properties;
  for (const auto& [key, value] : record.properties)
    properties[key] = value;
  json::object out{{"recipient", record.recipient},
                   {"correspondenceId", to_string(record.id)},
                   {"resourceId", record.resource},
                   {"sender", record.sender},
                   {"sendersReference", record.senders_reference},
                   {"messageSender", or_null(record.message_sender)},
                   {"content", content_of(desk, record)},
                   {"created", spelled(record.created)},
                   {"requestedPublishTime", spelled(record.requested_publish_time)},
                   {"dueDateTime", record.due ? json::value(spelled(*record.due)) : json::value(nullptr)},
                   {"externalReferences", references_of(record)},
                   {"propertyList", std::move(properties)},
                   {"replyOptions", replies_of(record)},
                   {"notifications", json::array()},
                   {"ignoreReservation", false},
                   {"isConfirmationNeeded", record.confirmation_needed},
                   {"isConfidential", false},
                   {"published", time_of(record, status::published)},
                   {"read", time_of(record, status::read)}};
  out["altinn2CorrespondenceId"] =
      record.altinn2_id == 0 ? json::value(nullptr) : json::value(record.altinn2_id);
  if (record.statuses.empty()) return out;
  const auto& now = current(record);
  out["status"] = out["statusText"] = status_name(now.status);
  out["statusChanged"] = spelled(now.at);
  return out;
}

} // namespace

Response overview(Desk& desk, const Request& request, std::string_view id, bool details) {
  if (request.method != Method::get) {
    Response wrong;
    wrong.status = 405;
    return wrong;
  }
  const auto uuid = dialogporten::parse_uuid(id);
  const std::lock_guard lock(desk.mutex);
  const auto* record = uuid ? desk.store.find(*uuid) : nullptr;
  if (record == nullptr || (record->is_migrating && record->altinn2_id != 0))
    return problem(request, 404, 1001, "The requested correspondence was not found");
  auto body = body_of(desk, *record);
  if (details) {
    body["systemLabel"] = "Default";
    body["statusHistory"] = history_of(*record);
  }
  return ok(json::serialize(body));
}

} // namespace altinn_sim::correspondence
