#pragma once

#include "archive/message.hpp"
#include "storage/dice.hpp"

namespace altinn_sim::archive {

/// Makes a good message one that must end as an exception: half the kinds are refused by Correspondence
/// (correspondence.md 1.4 trap 1, 1.7, 2.1 to 2.5), half by Dialogporten in the publish (3.10).
void spoil(Message& message, storage::Dice& dice);

/// The same with the kind of that name; false where there is none.
bool spoil(Message& message, std::string_view kind);

} // namespace altinn_sim::archive
