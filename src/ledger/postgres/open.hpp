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

/// The schema version of what is there, 0 for nothing; throws Refusal for what is not a ledger of ours.
std::int64_t version_of(Connection& connection, const Place& place);

/// Takes the tables from `version` to today's; within a transaction.
void make_tables(Connection& connection, std::int64_t version);

} // namespace dialogferry::ledger::postgres
