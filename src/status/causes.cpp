#include "causes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dialogferry::status {

namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

struct Code {
  std::string_view member; ///< in lower case
  Cause cause;
};

/// Members that say it all (http::TransportFault, the engine's own).
constexpr std::array exact = {
    Code{"resolve", Cause::no_answer},
    Code{"connect", Cause::no_answer},
    Code{"tls", Cause::no_answer},
    Code{"reset", Cause::no_answer},
    Code{"timeout", Cause::no_answer},
    Code{"protocol", Cause::no_answer},
    Code{"too_large", Cause::unreadable},
    Code{"overload", Cause::ours},
    Code{"refused", Cause::ours},
    Code{"cancelled", Cause::ours},
    Code{"token", Cause::access},
    Code{"record", Cause::ours},
    Code{"engine", Cause::ours},
    Code{"ledger", Cause::ours},
    Code{"storage", Cause::no_answer},
    Code{"register", Cause::no_answer},
    Code{"dialogporten", Cause::no_answer},
    Code{"a2_archive", Cause::not_found},
    Code{"correspondence", Cause::not_found},
    Code{"correspondence_id", Cause::incomplete},
    Code{"dialog.id", Cause::id_taken},
    Code{"dialogid", Cause::refused},
    Code{"party", Cause::party_unknown},
    Code{"instance.instanceowner.partyid", Cause::party_unknown},
    Code{"correspondence.recipient", Cause::party_unknown},
    Code{"application", Cause::application},
    Code{"texts", Cause::application},
    Code{"events", Cause::incomplete},
    Code{"id", Cause::incomplete},
    Code{"line", Cause::unreadable},
    Code{"next", Cause::unreadable},
    Code{"instances", Cause::unreadable},
    Code{"body", Cause::unreadable},
    Code{"data", Cause::unreadable},
    Code{"items", Cause::unreadable},
};

/// What a longer path holds, the more telling part first.
constexpr std::array within = {
    Code{"attachment", Cause::file},
    Code{"serviceresource", Cause::service_unknown},
    Code{"resourceid", Cause::service_unknown},
    Code{"application.", Cause::application},
    Code{"dialog.party", Cause::party_unknown},
    Code{"instances.", Cause::unreadable},
    Code{"events[", Cause::person_unknown},
    Code{"actor", Cause::person_unknown},
    Code{"performedby", Cause::person_unknown},
    Code{"eventhistory", Cause::person_unknown},
    Code{"title", Cause::text},
    Code{"summary", Cause::text},
    Code{"content", Cause::text},
    Code{"displayname", Cause::text},
    Code{"additionalinfo", Cause::text},
    Code{"description", Cause::text},
    Code{"sendername", Cause::text},
    Code{"extendedstatus", Cause::text},
    Code{"transmission", Cause::history},
    Code{"activit", Cause::history},
    Code{"notificationhistory", Cause::history},
    Code{"forwardinghistory", Cause::history},
    Code{"instance.", Cause::incomplete},
    Code{"correspondence.", Cause::incomplete},
    Code{"dialog.", Cause::refused},
    Code{"rows.", Cause::ours},
};

Cause cause_of_status(int status) {
  switch (status) {
  case 0: return Cause::other;
  case 401:
  case 403: return Cause::access;
  case 404:
  case 410: return Cause::not_found;
  case 408: return Cause::no_answer;
  case 409:
  case 412: return Cause::conflict;
  case 429: return Cause::too_many;
  default: return status >= 500 ? Cause::api_failed : Cause::refused;
  }
}

/// Refusals whose member tells more than their status.
bool member_tells(int status) {
  return status == 0 || status == 400 || status == 422;
}

std::optional<std::uint64_t> number_at(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// `status 422, …` at the start.
int status_at(std::string_view text) {
  constexpr std::string_view word = "status ";
  if (!text.starts_with(word)) return 0;
  return static_cast<int>(number_at(text.substr(word.size())).value_or(0));
}

/// A code has no spaces.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 100 && text.find_first_of(" \t\n") == std::string_view::npos;
}

std::string code_text(std::string_view member, int status) {
  auto text = is_code(member) ? std::string(member) : std::string();
  if (status != 0) text += (text.empty() ? "" : " ") + std::to_string(status);
  return text;
}

} // namespace

Cause cause_of(std::string_view member, int http_status) {
  if (!member_tells(http_status)) return cause_of_status(http_status);
  const auto path = lower(member);
  for (const auto& code : exact)
    if (path == code.member) return code.cause;
  for (const auto& code : within)
    if (holds(path, code.member)) return code.cause;
  return cause_of_status(http_status);
}

Reason reason_of(std::string_view text) {
  if (waits_only(text))
    return {
        text.ends_with(" deferred") ? Cause::deferred : Cause::importing, number_at(text).value_or(0), {}};
  if (text.starts_with("more came from ")) return {Cause::more_came, 0, {}};
  if (const auto status = status_at(text); status != 0)
    return {cause_of({}, status), 0, code_text({}, status)};
  const auto colon = text.find(": ");
  const auto member = text.substr(0, colon);
  if (!is_code(member)) return {};
  const auto status = colon == std::string_view::npos ? 0 : status_at(text.substr(colon + 2));
  return {cause_of(member, status), 0, code_text(member, status)};
}

std::vector<CauseGroup> grouped(const std::vector<ledger::CauseCount>& causes) {
  std::vector<CauseGroup> groups;
  for (const auto& one : causes) {
    const auto cause = cause_of(one.cause, one.http_status);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& other) {
      return other.row == one.row && other.cause == cause;
    });
    if (group == groups.end()) group = groups.insert(group, CauseGroup{one.row, cause});
    group->records += one.count;
    const auto code = code_text(one.cause, one.http_status);
    const bool known = std::find(group->codes.begin(), group->codes.end(), code) != group->codes.end();
    if (!code.empty() && !known) group->codes.push_back(code);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.records > b.records; });
  return groups;
}

} // namespace dialogferry::status
