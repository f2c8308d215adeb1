#pragma once

#include "../url.hpp"

#include <dialogferry/ledger/ledger.hpp>

namespace dialogferry::ledger::sqlite {

/// ledger::open() for a SQLite file.
Result<std::unique_ptr<Ledger>> open(const SqlitePlace& place, std::string_view environment, OpenMode mode,
                                     Instant now);

} // namespace dialogferry::ledger::sqlite
