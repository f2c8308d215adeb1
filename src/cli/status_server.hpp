#pragma once

#include <dialogferry/cli/carry.hpp>

namespace dialogferry::cli {

/// Serves the status of a running engine at `status.listen`: the ledger's numbers, with what the engine
/// tells.
Result<Served> serve_status(const Config& config, engine::Engine& engine);

} // namespace dialogferry::cli
