#pragma once

#include <dialogferry/engine/history/narrowing.hpp>
#include <dialogferry/engine/messages.hpp>
#include <dialogferry/source/storage.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// Whether a list was refused over a row that the source's own model cannot read: 500, its body a text with a
/// JSON path (observed.md OS-4). Whether it is one row or an outage is for Narrowing to find.
bool is_over_a_row(const Answered& answered);

/// The request for what a narrowing asks.
source::storage::ListRequest list_of(const Narrowing::Query& query, std::string_view organisation,
                                     source::storage::Versions versions, unsigned page_size);

/// The request for everything at one microsecond, whose records records_of() the answer are.
source::storage::ListRequest list_at(Instant at, std::string_view organisation,
                                     source::storage::Versions versions);
Result<std::vector<std::string>> records_of(codec::Parser& parser, const Answered& answered);

/// The exception that stands for what is listed at `at`: its time, and the words of `refusal`, masked.
ledger::Failure unreadable_failure(Instant at, std::string_view organisation, const Answered& refusal);

} // namespace dialogferry::engine
