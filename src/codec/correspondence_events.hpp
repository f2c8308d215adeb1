#pragma once

#include "reader.hpp"

#include <dialogferry/codec/correspondence.hpp>

/// The three histories of a record (correspondence.md 2.3 to 2.5), each in the order of the source.
namespace dialogferry::codec {

bool read_statuses(Reader& reader, ondemand::value value, std::span<const StatusEvent>& out);
bool read_notifications(Reader& reader, ondemand::value value, std::span<const NotificationEvent>& out);
bool read_forwards(Reader& reader, ondemand::value value, std::span<const ForwardingEvent>& out);

/// `statusHistory` of an Altinn 3 message; statuses that are not known here are left out.
bool read_status_history(Reader& reader, ondemand::value value, std::span<const StatusEvent>& out);

} // namespace dialogferry::codec
