#pragma once

#include <string>
#include <string_view>

/// The JSON of the sink's records, with the gaps of `Piece` (storage.md 2.2 to 2.7).
namespace altinn_sim::sink {

inline constexpr std::string_view app_name = "aarsrapport";

/// "skd", "brg", …: the code of the n-th organisation.
std::string organisation_code(std::size_t index);

/// An archived, confirmed instance with a form, its PDF and two attachments; about 3.4 kB.
std::string instance_json(std::string_view organisation);

/// Its history, as `GET …/events` answers: created, saved, signed, submitted.
std::string events_json();

/// The app that all instances of the organisation belong to.
std::string application_json(std::string_view organisation);

/// The app's texts in one language.
std::string texts_json(std::string_view organisation, std::string_view language);

/// What Register knows of a party, and of a user: "@party@" and "@number@", or "@user@" and "@person@".
std::string party_json();
std::string user_json();

} // namespace altinn_sim::sink
