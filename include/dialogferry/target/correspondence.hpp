#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/model/uuid.hpp>

#include <span>
#include <string>
#include <string_view>

/// The requests of Altinn 3 Correspondence (correspondence.md 1 and 6.3), as values; no I/O.
namespace dialogferry::target::correspondence {

/// M1: uploads an attachment and registers it. The bytes are to be set as `stream` (or `body`) of the
/// request: their number must be known (observed.md OC-9). Operation::upload.
http::Request attachment(std::span<const mapping::correspondence::QueryField> query);

/// M2: stores a message, or adds what is new to one that is there. Operation::migrate.
http::Request migrate(std::string body);

/// M3: makes the dialogs of these messages; 1 to 20 a call (observed.md OC-3), and never to be hung up on
/// (OC-1). Always silent (1.5). Operation::publish.
http::Request publish(std::span<const Uuid> correspondences);

/// M4, M5 or M6, as mapping::correspondence::decide() made it. Operation::sync.
http::Request sync(const mapping::correspondence::Call& call);

/// A message with its history. Changes nothing where a sender asks. Operation::read.
http::Request details(const Uuid& correspondence);

/// The ids of messages of a resource that were carried from this one in Altinn 2, where it is available: at
/// most one (6.3). Operation::read.
http::Request find(std::string_view resource, std::string_view altinn2_id);

/// Any healthy Correspondence answers it below 500.
http::Request probe();

} // namespace dialogferry::target::correspondence
