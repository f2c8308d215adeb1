#include "plain_carrier.hpp"

#include <catch2/catch.hpp>

namespace altinn_sim::test {

namespace json = boost::json;

namespace {

constexpr std::string_view migration = "/correspondence/api/v1/migration/";

const std::vector<std::pair<std::string, std::string>> as_json = {{"Content-Type", "application/json"}};

std::string text(const json::value& value) {
  return json::value_to<std::string>(value);
}

std::string escaped(std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char letter : value) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = std::isalnum(byte) != 0 || letter == '-' || letter == '.';
    if (plain)
      out += letter;
    else
      out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
  }
  return out;
}

} // namespace

json::array PlainCarrier::list(const std::string& query) {
  json::array all;
  for (auto target = "/a2-archive/api/v1/messages?" + query; !target.empty();) {
    const auto reply = client_.get(target);
    REQUIRE(reply.status == 200);
    const auto page = json::parse(reply.body).as_object();
    CHECK(page.at("count") == page.at("messages").as_array().size());
    for (const auto& each : page.at("messages").as_array())
      all.push_back(each);
    target = page.contains("next") ? text(page.at("next")) : "";
  }
  return all;
}

std::string PlainCarrier::upload(const json::object& message, const json::object& file) {
  const auto& about = message.at("correspondenceData").at("correspondence").as_object();
  std::string query = "attachment?sendersReference=" + escaped(text(about.at("sendersReference"))) +
                      "&resourceId=" + escaped(text(about.at("resourceId")));
  if (about.contains("sender")) query += "&sender=" + escaped(text(about.at("sender")));
  for (const auto* name :
       {"altinn2AttachmentId", "created", "senderPartyUuid", "fileName", "displayName", "checksum"})
    if (file.contains(name)) query += std::string("&") + name + "=" + escaped(text(file.at(name)));
  const auto bytes = client_.get("/a2-archive/api/v1/attachments/" + text(file.at("altinn2AttachmentId")));
  REQUIRE(bytes.status == 200);
  CHECK(bytes.body.size() == file.at("size").to_number<std::size_t>());
  const auto reply = client_.send("POST", std::string(migration) + query, bytes.body,
                                  {{"Content-Type", "application/octet-stream"}});
  return reply.status == 200 ? text(json::parse(reply.body)) : "";
}

int PlainCarrier::migrate(const json::object& message, bool live) {
  auto body = message;
  json::array attachments;
  if (const auto* files = message.if_contains("attachments"))
    for (const auto& file : files->as_array())
      attachments.emplace_back(upload(message, file.as_object()));
  body.erase("attachments");
  body["IsMigrating"] = true;
  body["makeAvailable"] = live;
  body.at("correspondenceData").as_object()["existingAttachments"] = std::move(attachments);
  auto* found = body.at("correspondenceData").at("correspondence").as_object().if_contains("content");
  if (found != nullptr && found->is_object()) {
    auto& content = found->as_object();
    if (!content.contains("messageSummary")) content["messageSummary"] = "";
    if (auto* language = content.if_contains("language"); language != nullptr && *language == "no")
      *language = "nb";
  }
  const auto reply =
      client_.send("POST", std::string(migration) + "correspondence", json::serialize(body), as_json);
  if (reply.status == 200)
    ids_[message.at("altinn2CorrespondenceId").to_number<std::int64_t>()] =
        text(json::parse(reply.body).at("correspondenceId"));
  return reply.status;
}

std::string PlainCarrier::publish(std::int64_t message) {
  const auto reply =
      client_.send("POST", std::string(migration) + "makemigratedcorrespondenceavailable",
                   json::serialize(json::object{{"correspondenceId", ids_.at(message)}}), as_json);
  const auto dialog = json::parse(reply.body).at("statuses").at(0).at("dialogId");
  return dialog.is_null() ? "" : text(dialog);
}

void PlainCarrier::history(const std::string& query) {
  for (const auto& each : list(query)) {
    const auto& message = each.as_object();
    bool is_purged = false;
    if (const auto* events = message.if_contains("eventHistory"))
      for (const auto& event : events->as_array())
        is_purged = is_purged || text(event.at("status")).starts_with("PurgedBy");
    if (is_purged || migrate(message) != 200) continue;
    publish(message.at("altinn2CorrespondenceId").to_number<std::int64_t>());
  }
}

void PlainCarrier::sync_kind(const json::object& message, std::string_view from, std::string_view path,
                             std::string_view member) {
  const auto* events = message.if_contains(from);
  if (events == nullptr) return;
  const auto id = ids_.at(message.at("altinn2CorrespondenceId").to_number<std::int64_t>());
  const auto reply =
      client_.send("POST", std::string(migration).append("correspondence/").append(path),
                   json::serialize(json::object{{"correspondenceId", id}, {member, *events}}), as_json);
  CHECK(reply.status == 200);
}

void PlainCarrier::sync(const json::object& message) {
  sync_kind(message, "eventHistory", "syncStatusEvent", "syncedStatusEvents");
  sync_kind(message, "notificationHistory", "syncNotificationEvent", "syncedNotificationEvents");
  sync_kind(message, "forwardingHistory", "syncForwardingEvent", "syncedForwardingEvents");
}

} // namespace altinn_sim::test
