#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/source/listing.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// The requests of the Altinn 2 archive (docs/a2-archive.md), as values; no I/O.
namespace dialogferry::source::a2_archive {

/// The time that a list is ordered by, and that ListRequest's windows are of.
enum class Order : std::uint8_t {
  created,
  changed, ///< when the archive last learned anything of a message; ascending alone
};

/// A page of messages. The archive lists those of all organisations: `organisation` is passed by.
http::Request messages(const ListRequest& request, Order order);

/// One message, by the decimal number that its record is known by. When it was created may be told to who
/// would have to search for it otherwise (source/exports.hpp).
http::Request message(std::string_view id, std::optional<Instant> created = std::nullopt);

/// The bytes of an attachment; `id` is its altinn2AttachmentId.
http::Request attachment(std::string_view id);

/// Any healthy archive answers it below 500.
http::Request probe();

/// The messages in the order of their creation, and of what was learned of them later.
extern const Listing by_creation;
extern const Listing by_change;

} // namespace dialogferry::source::a2_archive
