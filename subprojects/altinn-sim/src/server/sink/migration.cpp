#include "migration.hpp"

#include "correspondence/model/dialog_id.hpp"
#include "digits.hpp"
#include "piece.hpp"
#include "route.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace altinn_sim::sink {

namespace {

constexpr std::string_view base = "/correspondence/api/v1/migration/";
constexpr std::string_view json_type = "Content-Type: application/json; charset=utf-8\r\n";
constexpr std::size_t uuid_size = 36;
constexpr std::size_t serial_size = 12;

/// An id of version 7 that ends with a number.
std::string uuid_of(std::string_view begin, std::uint64_t serial) {
  std::array<char, serial_size> digits{};
  write_decimal(digits.data(), serial, serial_size);
  return std::string(begin).append(digits.data(), digits.size());
}

/// The digits after a mark; 0 where there are none.
std::uint64_t number_after(std::string_view text, std::string_view mark) {
  const auto found = text.find(mark);
  if (found == std::string_view::npos) return 0;
  std::uint64_t out = 0;
  for (auto rest = text.substr(found + mark.size()); !rest.empty(); rest.remove_prefix(1)) {
    const bool is_digit = rest.front() >= '0' && rest.front() <= '9';
    if (is_digit)
      out = out * 10 + static_cast<std::uint64_t>(rest.front() - '0');
    else if (rest.front() != ' ')
      break;
  }
  return out;
}

/// Calls `use` with every text of the body that is an id.
template <class Use>
void for_each_uuid(std::string_view body, Use use) {
  for (auto at = body.find('"'); at != std::string_view::npos; at = body.find('"', at + 1)) {
    const auto text = body.substr(at + 1, uuid_size + 1);
    if (text.size() == uuid_size + 1 && text.back() == '"' && text[8] == '-' && text[13] == '-')
      use(text.substr(0, uuid_size));
  }
}

std::string taken(std::string_view body) {
  const auto id = number_after(body, "\"altinn2CorrespondenceId\":");
  return R"({"altinn2CorrespondenceId":)" + std::to_string(id) + R"(,"correspondenceId":")" +
         uuid_of("01934c5a-7b00-7abc-8def-", id) + R"(","attachmentStatuses":[],"dialogId":null})";
}

std::string published(std::string_view body) {
  std::string out = R"({"statuses":[)";
  for_each_uuid(body, [&](std::string_view id) {
    const auto uuid = dialogporten::parse_uuid(id);
    if (!uuid) return;
    if (out.back() == '}') out += ',';
    const auto dialog = correspondence::dialog_id(*uuid, 0, std::numeric_limits<std::int64_t>::max() / 2);
    out.append(R"({"correspondenceId":")").append(id).append(R"(","dialogId":")").append(to_string(dialog));
    out += R"(","error":null,"ok":true})";
  });
  return out += "]}";
}

std::string uploaded(std::string_view target) {
  return '"' + uuid_of("0193a1b2-77aa-7c10-9e55-", number_after(target, "altinn2AttachmentId=")) + '"';
}

std::string synced(std::string_view body) {
  std::string out;
  for_each_uuid(body, [&](std::string_view id) {
    if (out.empty()) out.append("\"").append(id).append("\"");
  });
  return out.empty() ? "\"\"" : out;
}

enum class Call : std::uint8_t { upload, migrate, publish, sync };

struct Path {
  std::string_view name;
  Call call;
  std::size_t endpoint;
};

const std::array<Path, 6>& paths() {
  static const auto made = [] {
    std::array<Path, 6> out{{{"attachment", Call::upload, 0},
                             {"correspondence", Call::migrate, 0},
                             {"makemigratedcorrespondenceavailable", Call::publish, 0},
                             {"correspondence/syncStatusEvent", Call::sync, 0},
                             {"correspondence/syncForwardingEvent", Call::sync, 0},
                             {"correspondence/syncNotificationEvent", Call::sync, 0}}};
    for (auto& each : out)
      each.endpoint = route_of(Method::post, std::string(base).append(each.name)).endpoint;
    return out;
  }();
  return made;
}

std::string body_of(Call call, const Incoming& request) {
  switch (call) {
  case Call::upload: return uploaded(request.target);
  case Call::migrate: return taken(request.body);
  case Call::publish: return published(request.body);
  case Call::sync: return synced(request.body);
  }
  return {};
}

} // namespace

int answer_migration(const Incoming& request, std::string_view path, std::string& out,
                     std::size_t& endpoint) {
  if (!path.starts_with(base) || request.method != "POST") return 0;
  const auto name = path.substr(base.size());
  const auto found =
      std::find_if(paths().begin(), paths().end(), [&](const Path& it) { return it.name == name; });
  if (found == paths().end()) return 0;
  endpoint = found->endpoint;
  const auto body = body_of(found->call, request);
  out += with_head("200 OK", json_type, body, body.size());
  return 200;
}

std::size_t published_by(const Incoming& request) {
  if (!request.target.ends_with("/makemigratedcorrespondenceavailable")) return 0;
  std::size_t count = 0;
  for_each_uuid(request.body, [&](std::string_view) { ++count; });
  return count;
}

} // namespace altinn_sim::sink
