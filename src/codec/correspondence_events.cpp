#include "correspondence_events.hpp"

#include "correspondence_values.hpp"

#include <algorithm>

namespace dialogferry::codec {

namespace {

/// False, and a problem, for the first member that was not found.
struct Needed {
  std::string_view member;
  bool found;
};

bool all_there(Reader& reader, std::initializer_list<Needed> members) {
  for (const auto& [member, found] : members)
    if (!found) return reader.fail(member, "is missing");
  return true;
}

bool read_registered(Reader& reader, ondemand::value value, std::optional<Instant>& registered) {
  WrittenTime time;
  bool is_there = false;
  if (!read_time(reader, value, "registered", time, is_there)) return false;
  if (is_there) registered = time.at;
  return true;
}

bool read_status(Reader& reader, ondemand::value value, StatusEvent& event) {
  std::optional<std::size_t> choice;
  if (!read_choice(reader, value, "status", status_names(), choice)) return false;
  event.status = static_cast<CorrespondenceStatus>(choice.value_or(0));
  return true;
}

bool read_status_event(Reader& reader, ondemand::value entry, StatusEvent& event) {
  bool has_time = false;
  bool has_party = false;
  const bool read = reader.object(entry, {}, [&](Key key, ondemand::value value) {
    if (key == "status") return read_status(reader, value, event);
    if (key == "statusText") return reader.text(value, "statusText", event.text);
    if (key == "statusChanged") return read_time(reader, value, "statusChanged", event.changed, has_time);
    if (key == "eventUserUuid") return reader.uuid(value, "eventUserUuid", event.user);
    if (key == "eventUserPartyUuid")
      return read_uuid(reader, value, "eventUserPartyUuid", event.party, has_party);
    if (key == "registered") return read_registered(reader, value, event.registered);
    return true;
  });
  return read && all_there(reader, {{"statusChanged", has_time}, {"eventUserPartyUuid", has_party}});
}

bool read_notification(Reader& reader, ondemand::value entry, NotificationEvent& event) {
  std::optional<std::size_t> channel;
  std::optional<std::int64_t> id;
  OptionalText address;
  std::optional<bool> reminder;
  bool has_time = false;
  const bool read = reader.object(entry, {}, [&](Key key, ondemand::value value) {
    if (key == "notificationChannel")
      return read_choice(reader, value, "notificationChannel", channel_names(), channel);
    if (key == "notificationSent") return read_time(reader, value, "notificationSent", event.sent, has_time);
    if (key == "altinn2NotificationId") return read_int32(reader, value, "altinn2NotificationId", id);
    if (key == "notificationAddress") return reader.text(value, "notificationAddress", address);
    if (key == "isReminder") return read_flag(reader, value, "isReminder", reminder);
    if (key == "registered") return read_registered(reader, value, event.registered);
    return true;
  });
  if (!read || !all_there(reader, {{"notificationChannel", channel.has_value()},
                                   {"notificationSent", has_time},
                                   {"altinn2NotificationId", id.has_value()},
                                   {"notificationAddress", address.has_value()},
                                   {"isReminder", reminder.has_value()}}))
    return false;
  event.channel = static_cast<NotificationChannel>(*channel);
  event.id = *id;
  event.address = *address;
  event.is_reminder = *reminder;
  return true;
}

bool read_forward(Reader& reader, ondemand::value entry, ForwardingEvent& event) {
  bool has_time = false;
  bool has_party = false;
  const bool read = reader.object(entry, {}, [&](Key key, ondemand::value value) {
    if (key == "forwardedOnDate")
      return read_time(reader, value, "forwardedOnDate", event.forwarded, has_time);
    if (key == "forwardedByPartyUuid")
      return read_uuid(reader, value, "forwardedByPartyUuid", event.by_party, has_party);
    if (key == "forwardedByUserId") return read_int32(reader, value, "forwardedByUserId", event.by_user_id);
    if (key == "forwardedByUserUuid") return reader.uuid(value, "forwardedByUserUuid", event.by_user);
    if (key == "forwardedToUserId") return read_int32(reader, value, "forwardedToUserId", event.to_user_id);
    if (key == "forwardedToUserUuid") return reader.uuid(value, "forwardedToUserUuid", event.to_user);
    if (key == "forwardedToEmail") return reader.text(value, "forwardedToEmail", event.to_email);
    if (key == "mailboxSupplier") return reader.text(value, "mailboxSupplier", event.mailbox);
    if (key == "forwardingText") return reader.text(value, "forwardingText", event.text);
    if (key == "registered") return read_registered(reader, value, event.registered);
    return true;
  });
  return read && all_there(reader, {{"forwardedOnDate", has_time}, {"forwardedByPartyUuid", has_party}});
}

template <class T, class Read>
bool read_events(Reader& reader, ondemand::value value, std::string_view member, std::span<const T>& out,
                 Read read_one) {
  ListBuilder<T> events(reader.arena());
  const bool read = read_objects(
      reader, value, member, [&](ondemand::value entry) { return read_one(reader, entry, events.add()); });
  out = events.list();
  return read;
}

std::optional<CorrespondenceStatus> status_named(std::string_view name) {
  const auto names = status_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<CorrespondenceStatus>(found - names.begin());
}

} // namespace

bool read_statuses(Reader& reader, ondemand::value value, std::span<const StatusEvent>& out) {
  return read_events(reader, value, "eventHistory", out, read_status_event);
}

bool read_notifications(Reader& reader, ondemand::value value, std::span<const NotificationEvent>& out) {
  return read_events(reader, value, "notificationHistory", out, read_notification);
}

bool read_forwards(Reader& reader, ondemand::value value, std::span<const ForwardingEvent>& out) {
  return read_events(reader, value, "forwardingHistory", out, read_forward);
}

bool read_status_history(Reader& reader, ondemand::value value, std::span<const StatusEvent>& out) {
  ListBuilder<StatusEvent> events(reader.arena());
  const bool read = read_objects(reader, value, "statusHistory", [&](ondemand::value entry) {
    OptionalText name;
    StatusEvent event;
    bool has_time = false;
    const bool good = reader.object(entry, {}, [&](Key key, ondemand::value part) {
      if (key == "status") return reader.text(part, "status", name);
      if (key == "statusChanged") return read_time(reader, part, "statusChanged", event.changed, has_time);
      return true;
    });
    const auto status = name ? status_named(*name) : std::nullopt;
    if (!good || !all_there(reader, {{"status", name.has_value()}, {"statusChanged", has_time}}))
      return false;
    if (!status) return true;
    event.status = *status;
    events.add() = event;
    return true;
  });
  out = events.list();
  return read;
}

} // namespace dialogferry::codec
