#pragma once

#include "session.hpp"

#include <set>
#include <string>

/// Engines as the ledger's table `engine` knows them.
namespace dialogferry::ledger::postgres {

/// Why an engine is at work no more (EngineEntry::left_why).
inline constexpr std::string_view gone = "gone";
inline constexpr std::string_view lost = "lost";

/// Waits until nobody else starts an engine here, changes the tables or copies them; a Refusal where that
/// lasts. Ends with close_door() or the connection.
void pass_door(Connection& connection, const Place& place);
void close_door(Connection& connection);

/// A Refusal where engines are at work.
void refuse_while_used(Connection& connection, const Place& place, const std::string& what);

/// Adds this process to the engines; returns its id. A Refusal where another that lives has its name: one on
/// this machine whose process is gone does not, nor one whose lease has run out, which is waited for.
std::int64_t enter(Connection& connection, const Introduction& introduction);

/// Ends what is not at work any more, but for `of_engine`: whose process is gone, or who was not heard of for
/// longer than a lease while `of_engine` was. Who they were.
std::vector<EngineEntry> end_the_dead(Connection& connection, std::int64_t of_engine);

/// Ends an engine's connections to this database, but for this one.
void end_sessions(Connection& connection, std::int64_t of_engine);

/// What its connections are known by.
std::string session_name(std::int64_t engine);

/// Takes back what `engine` returns, and gives it of what it wants what is free: duties that one engine has,
/// and of pools up to its share. Into `heard` goes what it has, and what of that is beyond its share.
void share_duties(Connection& connection, std::int64_t engine, const News& news, Heard& heard);

/// Pools of which more than one engine wants a share.
std::set<std::string> shared_pools(Connection& connection);

/// Those at work, then those that left in the last week, latest first.
std::vector<EngineEntry> engines_of(Connection& connection);

} // namespace dialogferry::ledger::postgres
