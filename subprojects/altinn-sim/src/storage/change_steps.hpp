#pragma once

#include "changes.hpp"
#include "dice.hpp"

namespace altinn_sim::storage {

/// Writes into the record what the change does to it (storage.md 2.9): lastChanged, events, elements,
/// process, status. Not for creations and clean-ups. A text that says why it cannot be, else empty.
std::string_view make_change(Record& record, const Change& change, Dice& dice);

/// A new instance of the app: created, nothing filled in.
Record new_instance(const World& world, const Application& app, Ticks now, Dice& dice);

/// The type of the CloudEvent that the app sends (storage.md 4.5).
std::string event_type_of(const Record& record, ChangeKind kind);

} // namespace altinn_sim::storage
