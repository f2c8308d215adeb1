#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace altinn_sim {

/// Whether the bearer token of an Authorization header is a JWT that ended more than two seconds before
/// `now_s`, seconds since 1970 (observed.md OD-10). Signatures are not looked at, and what is no JWT is let
/// through: the simulator knows no tokens of its own.
bool is_expired(std::string_view authorization, std::int64_t now_s);

/// The organisation number that the bearer token, a JWT of Maskinporten, was issued to; empty where it says
/// none.
std::string consumer_of(std::string_view authorization);

/// The short name of the organisation in the claim `urn:altinn:org` of an exchanged token; empty where it has
/// none.
std::string organisation_of(std::string_view authorization);

} // namespace altinn_sim
