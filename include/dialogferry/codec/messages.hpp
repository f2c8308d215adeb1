#pragma once

#include <dialogferry/codec/page.hpp>

#include <cstdint>

/// Pages of the Altinn 2 archive (docs/a2-archive.md).
namespace dialogferry::codec {

/// The number of a message, `altinn2CorrespondenceId`, in the place of a UUID: all zero but the last four
/// bytes, which no UUID of the platform is.
Uuid message_uuid(std::int32_t id);

/// The number in such a UUID; nothing for any other.
std::optional<std::int32_t> message_id(const Uuid& id);

/// Reads a decimal number from 1 to 2 147 483 647 without sign and leading zeros, as record ids of messages
/// are written; nothing for anything else.
std::optional<std::int32_t> parse_message_id(std::string_view text);

/// Splits a page of messages into its rows as split_page() does: `id` is the decimal number, `guid` its
/// message_uuid(), `created` and `last_changed` are when the message was created; party, app and
/// organisation are empty. A message without a usable number or time carries a problem. A line of an export
/// that is no message (source/exports.hpp) is a row with a problem whose id is the file and the line:
/// `2025-01-22.ndjson:17`.
Result<Page> split_messages(Parser& parser, std::shared_ptr<const Document> body);

/// The same for a page in the order of changes: `last_changed` is when the archive last learned anything of
/// the message; without that, when it was created.
Result<Page> split_changed_messages(Parser& parser, std::shared_ptr<const Document> body);

} // namespace dialogferry::codec
