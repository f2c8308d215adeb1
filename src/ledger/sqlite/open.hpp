#pragma once

#include "../url.hpp"
#include "database.hpp"

#include <dialogferry/ledger/ledger.hpp>

namespace dialogferry::ledger::sqlite {

/// ledger::open() for a SQLite file.
Result<std::unique_ptr<Ledger>> open(const SqlitePlace& place, std::string_view environment, OpenMode mode,
                                     Instant now);

/// The one name of a file, so that two ways to write it are one ledger.
std::string canonical(const std::string& path);

/// The schema version of what is there, 0 for nothing; throws Refusal for what is not a ledger of ours.
std::int64_t version_of(Database& db, const std::string& path);

} // namespace dialogferry::ledger::sqlite
