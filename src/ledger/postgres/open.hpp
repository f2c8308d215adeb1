#pragma once

#include "session.hpp"

namespace dialogferry::ledger::postgres {

/// Reads `postgresql://…`; what is wrong with it is told without its password.
Result<Place> parse_url(const std::string& url);

/// Opens the ledger, as ledger::open() says. Refuses besides: a server older than 15, one that only follows
/// another, a database whose texts are not UTF-8, missing rights, a clock more than two seconds from this
/// one's.
Result<std::unique_ptr<Ledger>> open(const Place& place, std::string_view environment, Instant now,
                                     const Setup& setup);

} // namespace dialogferry::ledger::postgres
