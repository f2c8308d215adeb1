#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <span>

/// The requests of Altinn Register (storage.md 5), as values; no I/O.
namespace dialogferry::source::registry {

/// The most one query may ask for.
inline constexpr std::size_t most_per_query = 100;

/// Asks for parties and users by their ids, together at most `most_per_query`.
http::Request query(std::span<const std::int64_t> parties, std::span<const std::int64_t> users);

/// Asks for parties by their UUIDs, at most `most_per_query`.
http::Request query(std::span<const Uuid> parties);

/// Any healthy Register answers it below 500.
http::Request probe();

} // namespace dialogferry::source::registry
