#pragma once

#include "page_parts.hpp"

#include <dialogferry/codec/messages.hpp>

namespace dialogferry::codec {

enum class MessageOrder : std::uint8_t { created, changed };

/// Reads what identifies a message, and its place in a list, from its slice.
void read_message(Parser& parser, Row& row, Arena& texts, MessageOrder order);

} // namespace dialogferry::codec
