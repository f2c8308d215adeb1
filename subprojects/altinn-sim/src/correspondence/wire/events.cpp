#include "correspondence/wire/events.hpp"

#include "correspondence/wire/names.hpp"
#include "dialogporten/model/text.hpp"

#include <algorithm>

namespace altinn_sim::correspondence {

namespace {

constexpr std::size_t longest_email = 1000;
constexpr std::size_t longest_note = 4000;

const std::vector<std::string_view> channel_names = {"Email", "Sms", "EmailPreferred", "SmsPreferred",
                                                     "EmailAndSms"};

/// Calls `read` with each object of the list.
template <class Read>
void for_each(Verdict& verdict, const json::array& list, const std::string& path, Read read) {
  for (std::size_t at = 0; at < list.size(); ++at) {
    if (list[at].is_null()) {
      verdict.breaks = true;
      continue;
    }
    Members members(verdict, list[at], path + '[' + std::to_string(at) + ']');
    if (members.is_object()) read(members);
  }
}

/// An organisation as `urn:altinn:organization:identifier-no:` or `0192:` with nine digits.
bool is_mailbox(std::string_view text) {
  for (const std::string_view prefix : {"0192:", "urn:altinn:organization:identifier-no:"}) {
    if (!text.starts_with(prefix)) continue;
    text.remove_prefix(prefix.size());
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  }
  return false;
}

void check(Members& members, const Forward& forward) {
  using dialogporten::utf16_length;
  if (forward.mailbox && !is_mailbox(*forward.mailbox))
    members.refuse("mailboxSupplier",
                   "Organization numbers should be on the form countrycode:organizationnumber.");
  if (forward.to_email && utf16_length(*forward.to_email) > longest_email)
    members.refuse("forwardedToEmail", "The field must be at most 1000 characters.");
  if (forward.note && utf16_length(*forward.note) > longest_note)
    members.refuse("forwardingText", "The field must be at most 4000 characters.");
}

} // namespace

void read_status_events(Verdict& verdict, const json::array& list, const std::string& path,
                        std::vector<StatusEvent>& out) {
  for_each(verdict, list, path, [&](Members& members) {
    auto& event = out.emplace_back();
    members.require("statusChanged");
    members.require("eventUserPartyUuid");
    members.choice("status", status_names, event.status);
    members.text("statusText");
    members.time("statusChanged", event.at);
    members.uuid_if("eventUserUuid");
    members.uuid("eventUserPartyUuid", event.party);
  });
}

void read_notifications(Verdict& verdict, const json::array& list, const std::string& path,
                        std::vector<Notification>& out) {
  for_each(verdict, list, path, [&](Members& members) {
    auto& event = out.emplace_back();
    for (const auto* name : {"notificationChannel", "notificationSent", "altinn2NotificationId",
                             "notificationAddress", "isReminder"})
      members.require(name);
    members.choice("notificationChannel", channel_names, event.channel);
    members.time("notificationSent", event.sent);
    members.whole("altinn2NotificationId", event.altinn2_id);
    event.address = members.text("notificationAddress").value_or("");
    members.flag("isReminder", event.is_reminder);
  });
}

void read_forwards(Verdict& verdict, const json::array& list, const std::string& path,
                   std::vector<Forward>& out) {
  for_each(verdict, list, path, [&](Members& members) {
    auto& event = out.emplace_back();
    members.require("forwardedOnDate");
    members.require("forwardedByPartyUuid");
    std::int64_t by_user = 0;
    Uuid by_user_uuid;
    members.time("forwardedOnDate", event.at);
    members.uuid("forwardedByPartyUuid", event.by);
    members.whole("forwardedByUserId", by_user);
    members.uuid("forwardedByUserUuid", by_user_uuid);
    event.to_user_id = members.whole_if("forwardedToUserId");
    event.to_user = members.uuid_if("forwardedToUserUuid");
    event.to_email = members.text_if("forwardedToEmail");
    event.mailbox = members.text_if("mailboxSupplier");
    event.note = members.text_if("forwardingText");
    check(members, event);
  });
}

} // namespace altinn_sim::correspondence
