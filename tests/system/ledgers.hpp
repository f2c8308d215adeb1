#pragma once

#include <dialogferry/ledger/temporary_postgres.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace dialogferry::system {

/// The PostgreSQL of this test program; starts when it is first needed.
ledger::TemporaryPostgres& postgres();

/// Where an empty database of it is.
std::string new_database();

/// Of a shared_ledger(); 5 s where nobody is in a hurry.
inline constexpr std::chrono::milliseconds short_lease{1'000};

/// An empty ledger that engines may share.
std::string shared_ledger();

/// A ledger of either kind, for a test that runs once with each; and how often an engine on it is killed: 25
/// times, on PostgreSQL `TEST_POSTGRES_KILLS` times.
struct EitherLedger {
  EitherLedger();

  std::string url;
  int kills = 25;
};

/// A number from the environment; `usual` where there is none.
int number_from(const char* variable, int usual);

} // namespace dialogferry::system
