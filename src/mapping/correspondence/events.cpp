#include "events.hpp"

#include <algorithm>
#include <tuple>

namespace dialogferry::mapping::correspondence {

namespace {

using codec::CorrespondenceStatus;
using codec::ForwardingEvent;
using codec::NotificationEvent;
using codec::StatusEvent;

std::int64_t floored(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

std::int64_t second(const codec::WrittenTime& time) {
  return floored(time.at.ticks, Instant::per_second);
}

// -- keys (1.6) ---------------------------------------------------------------

auto status_key(const StatusEvent& event) {
  return std::tuple(event.status, second(event.changed), event.party);
}

auto notification_key(const NotificationEvent& event) {
  return std::tuple(second(event.sent), event.channel, event.id, event.address, event.is_reminder);
}

auto stored_notification_key(const NotificationEvent& event) {
  return std::tuple(second(event.sent), event.channel, event.id, event.address);
}

auto unique_notification_key(const NotificationEvent& event) {
  return std::tuple(stored(event.sent.at), event.channel, event.id, event.address);
}

auto forward_key(const ForwardingEvent& event) {
  return std::tuple(second(event.forwarded), event.by_party, event.to_user_id.value_or(0),
                    event.to_user.value_or(Uuid{}));
}

auto stored_forward_key(const ForwardingEvent& event) {
  return std::tuple(second(event.forwarded), event.by_party);
}

auto unique_forward_key(const ForwardingEvent& event) {
  return std::tuple(stored(event.forwarded.at), event.by_party);
}

// -- sets ---------------------------------------------------------------------

/// The keys of a list, to look others up in.
template <class T, class KeyOf>
class Known {
public:
  Known(std::span<const T> events, KeyOf key)
      : key_(key) {
    keys_.reserve(events.size());
    for (const auto& event : events)
      keys_.push_back(key(event));
    std::sort(keys_.begin(), keys_.end());
  }

  bool has(const T& event) const { return std::binary_search(keys_.begin(), keys_.end(), key_(event)); }

private:
  KeyOf key_;
  std::vector<decltype(std::declval<KeyOf>()(std::declval<const T&>()))> keys_;
};

/// The places of a list by their keys; equal ones in the order of the list.
template <class T, class KeyOf>
std::vector<std::size_t> places_by_key(std::span<const T> events, KeyOf key) {
  std::vector<std::size_t> places(events.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = i;
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return key(events[a]) < key(events[b]); });
  return places;
}

template <class T, class KeyOf>
std::vector<T> first_of_each(std::span<const T> events, KeyOf key) {
  auto places = places_by_key(events, key);
  const auto same = [&](std::size_t a, std::size_t b) { return key(events[a]) == key(events[b]); };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  std::sort(places.begin(), places.end());
  std::vector<T> kept;
  kept.reserve(places.size());
  for (const auto place : places)
    kept.push_back(events[place]);
  return kept;
}

template <class T, class KeyOf>
bool has_double(const std::vector<T>& events, KeyOf key) {
  const std::span<const T> all(events);
  const auto places = places_by_key(all, key);
  const auto same = [&](std::size_t a, std::size_t b) { return key(all[a]) == key(all[b]); };
  return std::adjacent_find(places.begin(), places.end(), same) != places.end();
}

template <class T, class TimeOf>
void sort_by_time(std::vector<T>& events, TimeOf time) {
  std::stable_sort(events.begin(), events.end(),
                   [&](const T& a, const T& b) { return time(a).at < time(b).at; });
}

template <class T, class Drop>
void drop_if(std::vector<T>& events, Drop drop) {
  events.erase(std::remove_if(events.begin(), events.end(), drop), events.end());
}

bool is_synced(CorrespondenceStatus status) {
  switch (status) {
  case CorrespondenceStatus::read:
  case CorrespondenceStatus::confirmed:
  case CorrespondenceStatus::archived:
  case CorrespondenceStatus::soft_deleted_by_recipient:
  case CorrespondenceStatus::restored_by_recipient: return true;
  default: return codec::is_hard_delete(status);
  }
}

} // namespace

Instant stored(Instant at) {
  return {floored(at.ticks, Instant::per_microsecond) * Instant::per_microsecond};
}

Events distinct_events(const codec::Correspondence& record) {
  return {first_of_each(record.statuses, status_key), first_of_each(record.notifications, notification_key),
          first_of_each(record.forwards, forward_key)};
}

Events new_events(const codec::Correspondence& record, const codec::Correspondence& previous) {
  auto events = distinct_events(record);
  const bool purged = has_hard_delete(previous.statuses); // only the first purge counts
  const Known statuses(previous.statuses, status_key);
  const Known notifications(previous.notifications, stored_notification_key);
  const Known forwards(previous.forwards, stored_forward_key);
  drop_if(events.statuses, [&](const StatusEvent& event) {
    return !is_synced(event.status) || (purged && codec::is_hard_delete(event.status)) || statuses.has(event);
  });
  drop_if(events.notifications, [&](const NotificationEvent& event) { return notifications.has(event); });
  drop_if(events.forwards, [&](const ForwardingEvent& event) { return forwards.has(event); });
  sort_by_time(events.statuses, [](const StatusEvent& event) { return event.changed; });
  sort_by_time(events.notifications, [](const NotificationEvent& event) { return event.sent; });
  sort_by_time(events.forwards, [](const ForwardingEvent& event) { return event.forwarded; });
  return events;
}

std::optional<Problem> find_collision(const Events& events) {
  if (has_double(events.notifications, unique_notification_key))
    return Problem{"correspondence.notificationHistory",
                   "holds a notification and a reminder with the same id, address, channel and time",
                   {}};
  if (has_double(events.forwards, unique_forward_key))
    return Problem{"correspondence.forwardingHistory",
                   "holds two forwards by one party to different users at the same instant",
                   {}};
  return std::nullopt;
}

const StatusEvent* earliest(const std::vector<StatusEvent>& events, CorrespondenceStatus status) {
  const StatusEvent* found = nullptr;
  for (const auto& event : events)
    if (event.status == status && (found == nullptr || event.changed.at < found->changed.at)) found = &event;
  return found;
}

std::size_t count(const std::vector<StatusEvent>& events, CorrespondenceStatus status) {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&](const StatusEvent& event) { return event.status == status; }));
}

bool has_hard_delete(std::span<const StatusEvent> events) {
  return std::any_of(events.begin(), events.end(),
                     [](const StatusEvent& event) { return codec::is_hard_delete(event.status); });
}

} // namespace dialogferry::mapping::correspondence
