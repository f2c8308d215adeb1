#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The JSON of the sink's records, with the gaps of `Piece` (storage.md 2.2 to 2.7).
namespace altinn_sim::sink {

inline constexpr std::string_view app_name = "aarsrapport";

/// "skd", "brg", …: the code of the n-th organisation.
std::string organisation_code(std::size_t index);

/// An archived, confirmed instance with a form, its PDF and two attachments; about 3.4 kB.
std::string instance_json(std::string_view organisation);

/// The dialog that an instance becomes, as a search lists it (dialogporten.md 2.2): "@dialog@", "@made@" and
/// "@updated@" of it; about 1.9 kB.
std::string dialog_json(std::string_view organisation);

/// Its history, as `GET …/events` answers: created, saved, signed, submitted.
std::string events_json();

/// The app that all instances of the organisation belong to.
std::string application_json(std::string_view organisation);

/// The app's texts in one language.
std::string texts_json(std::string_view organisation, std::string_view language);

/// A message of Altinn 2, published, told of and read; `file` where it has one. About 1.6 kB.
std::string message_json(std::string_view file);
/// What a message says of its file.
std::string file_json(std::uint64_t size, std::string_view md5);

/// What Register knows of a party, and of a user: "@party@" and "@number@", or "@user@" and "@person@".
std::string party_json();
std::string user_json();

} // namespace altinn_sim::sink
