#pragma once

#include <string_view>

namespace altinn_sim::dialogporten {

/// True for the four forms that a party or an actor id may have, with valid check digits
/// (dialogporten.md 3.8).
bool is_party(std::string_view text);

/// True for the form with a national identity number.
bool is_person(std::string_view text);

/// True for the two of them whose name Altinn Register is asked for.
bool is_in_register(std::string_view party);

} // namespace altinn_sim::dialogporten
