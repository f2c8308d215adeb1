#pragma once

#include "archive/archive.hpp"
#include "exchange.hpp"

namespace altinn_sim::archive {

/// The archive API, `/a2-archive/api/v1` (docs/a2-archive.md): `path` begins "/messages" or "/attachments".
Response answer(const Archive& archive, const Request& request);

} // namespace altinn_sim::archive
