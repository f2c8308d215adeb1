#pragma once

#include <dialogferry/engine/listing/narrowing.hpp>
#include <dialogferry/engine/listing/pages.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// The request for what a narrowing asks.
source::ListRequest list_of(const Narrowing::Query& query, std::string_view organisation, unsigned page_size);

/// The request for everything at one microsecond, whose records records_of() the answer are.
source::ListRequest list_at(Instant at, std::string_view organisation);
Result<std::vector<std::string>> records_of(codec::Parser& parser, const Pages& pages,
                                            const Answered& answered);

/// The exception that stands for what is listed at `at`: its time, and the words of `refusal`, masked.
ledger::Failure unreadable_failure(Instant at, std::string_view organisation, const Answered& refusal);

} // namespace dialogferry::engine
