#pragma once

#include "ferry.hpp"

#include <functional>

namespace dialogferry::system {

inline constexpr const char* message_row = "a2-correspondence-historic";
inline constexpr const char* live_message_row = "a2-correspondence-live";

/// The tables of the rows of messages. `settings` are more keys of the historic row.
std::string message_rows(const Days& days, const std::string& settings = {});
/// The same with the live row, which looks every second.
std::string live_message_rows(const Days& days, const std::string& settings = {});

/// An archive with so many messages a day, and nothing else.
std::vector<std::string> archive_of(const Days& days, int per_day, const std::vector<std::string>& more = {});

/// What the audit has in one member of one row.
std::uint64_t audited(Platform& platform, std::string_view id, std::string_view member);

/// What `POST /_sim/archive` answers.
json::value order_messages(Platform& platform, std::string_view order);

/// No job of Correspondence is left.
bool jobs_are_done(Platform& platform);

/// What the audit finds wrong with the messages of a row, a line each.
std::string message_faults(Platform& platform, std::string_view id);

/// message_faults(), and where platform and ledger do not agree; of a historic row whose messages nobody has
/// changed.
std::string message_disagreement(Platform& platform, const Ferry& ferry, std::string_view id = message_row);

/// What is in the environment as a number; `otherwise` where it is not.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise);

/// Waits until `done`, at most so long. Who asks for audits of many messages asks rarely: the platform does
/// nothing else meanwhile.
bool eventually(const std::function<bool()>& done,
                std::chrono::milliseconds within = std::chrono::seconds{30},
                std::chrono::milliseconds every = std::chrono::milliseconds{50});

} // namespace dialogferry::system
