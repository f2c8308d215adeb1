#include <dialogferry/codec/messages.hpp>
#include <dialogferry/http/url.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/storage.hpp>

#include <string>

namespace dialogferry::source::a2_archive {

namespace {

constexpr std::string_view base = "/a2-archive/api/v1";

http::Request get(std::string target) {
  http::Request request;
  request.target = std::move(target);
  request.accept = "application/json";
  return request;
}

std::string_view name_of(Order order) {
  return order == Order::created ? "created" : "changed";
}

void add_time(std::string& target, Order order, std::string_view op, std::optional<Instant> at) {
  if (!at) return;
  target.append("&").append(name_of(order)).append("=").append(op).append(":");
  append_instant(target, *at); // has no character that a query must encode
}

std::optional<Uuid> lane_of(std::string_view record_id) {
  const auto id = codec::parse_message_id(record_id);
  return id ? std::optional(codec::message_uuid(*id)) : std::nullopt;
}

/// What is damaged is listed as it is.
bool never(const http::Response&) {
  return false;
}

} // namespace

http::Request messages(const ListRequest& request, Order order) {
  const bool ascending = request.ascending || order == Order::changed;
  std::string target(base);
  target.append("/messages?order=").append(ascending ? "asc:" : "desc:").append(name_of(order));
  add_time(target, order, "gte", request.from);
  add_time(target, order, "lt", request.before);
  add_time(target, order, "eq", request.at);
  target.append("&size=").append(std::to_string(request.size));
  if (!request.token.empty()) target.append("&continuationToken=").append(request.token);
  return get(std::move(target));
}

http::Request message(std::string_view id, std::optional<Instant> created) {
  auto target = std::string(base).append("/messages/").append(http::percent_encode(id));
  if (created) append_instant(target.append("?created=eq:"), *created);
  return get(std::move(target));
}

http::Request attachment(std::string_view id) {
  auto request = get(std::string(base).append("/attachments/").append(http::percent_encode(id)));
  request.accept = "application/octet-stream";
  return request;
}

http::Request probe() {
  return get(std::string(base).append("/messages?order=desc:created&size=1"));
}

const Listing by_creation{"a2_archive",
                          [](const ListRequest& request) { return messages(request, Order::created); },
                          codec::split_messages,
                          storage::token_of,
                          never,
                          lane_of};
const Listing by_change{"a2_archive",
                        [](const ListRequest& request) { return messages(request, Order::changed); },
                        codec::split_changed_messages,
                        storage::token_of,
                        never,
                        lane_of};

} // namespace dialogferry::source::a2_archive
