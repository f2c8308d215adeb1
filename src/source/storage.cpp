#include <dialogferry/http/url.hpp>
#include <dialogferry/source/storage.hpp>

#include <array>

namespace dialogferry::source::storage {

namespace {

constexpr std::string_view base = "/storage/api/v1";

// M-34: no process events.
constexpr std::array<std::string_view, 16> event_types = {"Created",
                                                          "Deleted",
                                                          "Saved",
                                                          "Submited",
                                                          "Undeleted",
                                                          "SubstatusUpdated",
                                                          "Signed",
                                                          "SentToSign",
                                                          "SentToPayment",
                                                          "SentToSendIn",
                                                          "SentToFormFill",
                                                          "InstanceForwarded",
                                                          "InstanceRightRevoked",
                                                          "NotificationSentSms",
                                                          "MessageArchived",
                                                          "MessageRead"};

const std::string& events_query() {
  static const std::string query = [] {
    std::string text = "/events";
    char separator = '?';
    for (const auto type : event_types) {
      text += separator;
      text.append("eventTypes=").append(type);
      separator = '&';
    }
    return text;
  }();
  return query;
}

http::Request get(std::string target) {
  http::Request request;
  request.target = std::move(target);
  request.accept = "application/json";
  return request;
}

void add_time(std::string& target, std::string_view op, std::optional<Instant> at) {
  if (!at) return;
  target.append("&lastChanged=").append(op).append(":");
  append_instant(target, *at); // has no character that a query must encode
}

std::string of_instance(std::string_view id) {
  std::string target(base);
  return target.append("/instances/").append(id);
}

} // namespace

http::Request list(Versions versions, const ListRequest& request) {
  std::string target(base);
  target.append("/instances?org=").append(http::percent_encode(request.organisation));
  target.append(versions == Versions::altinn3 ? "&mainVersionInclude=3" : "&mainVersionExclude=3");
  add_time(target, "gte", request.from);
  add_time(target, "lt", request.before);
  add_time(target, "eq", request.at);
  target.append("&order=").append(request.ascending ? "asc" : "desc").append(":lastChanged");
  target.append("&size=").append(std::to_string(request.size));
  if (!request.token.empty()) target.append("&continuationToken=").append(request.token);
  return get(std::move(target));
}

/// 500, its body a text with a JSON path. Whether it is one row or an outage is for others to find.
bool is_over_a_row(const http::Response& answer) {
  constexpr std::string_view path_mark = "Path: $";
  return answer.status == 500 && answer.body.starts_with('"') &&
         answer.body.find(path_mark) != std::string::npos;
}

/// The guid behind the party: an instance keeps it when its party changes.
std::optional<Uuid> lane_of(std::string_view record_id) {
  const auto slash = record_id.find('/');
  return slash == std::string_view::npos ? std::nullopt : parse_uuid(record_id.substr(slash + 1));
}

const Listing app_instances{
    "storage",         [](const ListRequest& request) { return list(Versions::altinn3, request); },
    codec::split_page, token_of,
    is_over_a_row,     lane_of};
const Listing archived_forms{
    "storage",         [](const ListRequest& request) { return list(Versions::archived, request); },
    codec::split_page, token_of,
    is_over_a_row,     lane_of};

http::Request list_of_party(std::string_view organisation, std::string_view party_id,
                            std::string_view token) {
  std::string target(base);
  target.append("/instances?org=").append(http::percent_encode(organisation));
  target.append("&instanceOwner.partyId=").append(http::percent_encode(party_id));
  target.append("&mainVersionExclude=0&order=asc:lastChanged&size=100");
  if (!token.empty()) target.append("&continuationToken=").append(token);
  return get(std::move(target));
}

http::Request store_dialog_id(std::string_view id, const Uuid& dialog) {
  http::Request request;
  request.method = http::Method::put;
  request.target = of_instance(id).append("/datavalues");
  request.accept = "application/json";
  request.content_type = "application/json";
  request.body = R"({"values":{"dialog.id":")" + to_string(dialog) + R"("}})";
  return request;
}

std::string_view token_of(std::string_view next_query) {
  constexpr std::string_view name = "continuationtoken=";
  while (!next_query.empty()) {
    const auto end = next_query.find('&');
    const auto parameter = next_query.substr(0, end);
    if (parameter.size() > name.size()) {
      bool same = true; // parameter names are case-insensitive (storage.md 1.2)
      for (std::size_t i = 0; same && i < name.size(); ++i)
        same = (parameter[i] | 0x20) == (name[i] | 0x20);
      if (same) return parameter.substr(name.size());
    }
    if (end == std::string_view::npos) break;
    next_query.remove_prefix(end + 1);
  }
  return {};
}

http::Request instance(std::string_view id) {
  return get(of_instance(id));
}

http::Request events(std::string_view id) {
  return get(of_instance(id).append(events_query()));
}

http::Request application(std::string_view app_id) {
  return get(std::string(base).append("/applications/").append(app_id));
}

http::Request applications() {
  return get(std::string(base).append("/applications"));
}

http::Request texts(std::string_view app_id, std::string_view language) {
  return get(std::string(base).append("/applications/").append(app_id).append("/texts/").append(language));
}

http::Request probe() {
  return application("dialogferry/probe");
}

} // namespace dialogferry::source::storage
