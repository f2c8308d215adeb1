#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/model/problem.hpp>

#include <optional>
#include <vector>

/// The histories of a message as Correspondence counts them (correspondence.md 1.6, 2.2).
namespace dialogferry::mapping::correspondence {

struct Events {
  std::vector<codec::StatusEvent> statuses;
  std::vector<codec::NotificationEvent> notifications;
  std::vector<codec::ForwardingEvent> forwards;

  bool empty() const { return statuses.empty() && notifications.empty() && forwards.empty(); }
};

/// Each event once, the first of doublets kept, in the order of the record.
Events distinct_events(const codec::Correspondence& record);

/// What M4 to M6 take and do not know from `previous`, by time (2.7). Forwards and notifications of one
/// second count by their long key among themselves: they go in one call (observed.md OC-16).
Events new_events(const codec::Correspondence& record, const codec::Correspondence& previous);

/// Events that Correspondence takes for different ones and then cannot store side by side (1.4 trap 1).
std::optional<Problem> find_collision(const Events& events);

/// The earliest event of a status; null where there is none. At one instant the first of the list.
const codec::StatusEvent* earliest(const std::vector<codec::StatusEvent>& events,
                                   codec::CorrespondenceStatus status);

/// How many events of a status there are.
std::size_t count(const std::vector<codec::StatusEvent>& events, codec::CorrespondenceStatus status);

bool has_hard_delete(std::span<const codec::StatusEvent> events);

/// The time to the microsecond, further digits cut (2.2).
Instant stored(Instant at);

} // namespace dialogferry::mapping::correspondence
