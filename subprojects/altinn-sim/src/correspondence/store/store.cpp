#include "correspondence/store/store.hpp"

#include <algorithm>
#include <tuple>

namespace altinn_sim::correspondence {

namespace {

Ticks second_of(Ticks at) {
  const auto rest = at % dialogporten::ticks_per_second;
  return at - (rest < 0 ? rest + dialogporten::ticks_per_second : rest);
}

auto key_of(const StatusEvent& it) {
  return std::tuple(it.status, second_of(it.at), it.party);
}

auto key_of(const Notification& it) {
  return std::tuple(second_of(it.sent), it.channel, it.altinn2_id, it.address, it.is_reminder);
}

auto key_of(const Forward& it) {
  return std::tuple(second_of(it.at), it.by, it.to_user_id, it.to_user);
}

template <class Event>
std::vector<Event> first_of_each(const std::vector<Event>& events) {
  std::vector<Event> kept;
  for (const auto& event : events)
    if (std::none_of(kept.begin(), kept.end(),
                     [&](const Event& other) { return key_of(other) == key_of(event); }))
      kept.push_back(event);
  return kept;
}

} // namespace

std::vector<StatusEvent> without_doublets(const std::vector<StatusEvent>& events) {
  return first_of_each(events);
}

std::vector<Notification> without_doublets(const std::vector<Notification>& events) {
  return first_of_each(events);
}

std::vector<Forward> without_doublets(const std::vector<Forward>& events) {
  return first_of_each(events);
}

bool knows(const Record& record, const StatusEvent& event) {
  const auto& held = status::is_delete(event.status) ? record.deletes : record.statuses;
  return std::any_of(held.begin(), held.end(),
                     [&](const StatusEvent& other) { return key_of(other) == key_of(event); });
}

bool knows(const Record& record, const Notification& event) {
  const auto key = [](const Notification& it) {
    return std::tuple(it.address, it.channel, second_of(it.sent), it.altinn2_id);
  };
  return std::any_of(record.notifications.begin(), record.notifications.end(),
                     [&](const Notification& other) { return key(other) == key(event); });
}

bool knows(const Record& record, const Forward& event) {
  return std::any_of(record.forwards.begin(), record.forwards.end(), [&](const Forward& other) {
    return second_of(other.at) == second_of(event.at) && other.by == event.by;
  });
}

bool collides(const std::vector<Notification>& stored, const Notification& event) {
  return std::any_of(stored.begin(), stored.end(), [&](const Notification& other) {
    return other.altinn2_id == event.altinn2_id && other.address == event.address &&
           other.channel == event.channel && other.sent == event.sent;
  });
}

bool collides(const std::vector<Forward>& stored, const Forward& event) {
  return std::any_of(stored.begin(), stored.end(),
                     [&](const Forward& other) { return other.at == event.at && other.by == event.by; });
}

} // namespace altinn_sim::correspondence
