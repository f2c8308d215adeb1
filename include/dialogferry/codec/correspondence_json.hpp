#pragma once

#include <dialogferry/codec/correspondence.hpp>

#include <span>
#include <string>

/// The bodies of Correspondence's migration API. Members without a value are left out, texts and times go as
/// the source wrote them.
namespace dialogferry::codec {

/// The body of M2 (correspondence.md 2.7, `migrate`). `attachment_ids` are the answers of M1, in the order of
/// the record's attachments; `make_available`: the message is shown at once, with events.
std::string write_migrate(const Correspondence& record, std::span<const Uuid> attachment_ids,
                          bool make_available);

/// The bodies of M4, M6 and M5; the events in their order.
std::string write_status_sync(const Uuid& correspondence_id, std::span<const StatusEvent> events);
std::string write_notification_sync(const Uuid& correspondence_id, std::span<const NotificationEvent> events);
std::string write_forwarding_sync(const Uuid& correspondence_id, std::span<const ForwardingEvent> events);

/// The language under which Correspondence takes a text: `nb` for `no` in any case (decisions.md D-14).
std::string_view accepted_language(std::string_view language);

} // namespace dialogferry::codec
