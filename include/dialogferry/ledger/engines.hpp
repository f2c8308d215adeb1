#pragma once

#include <dialogferry/ledger/journal.hpp>
#include <dialogferry/model/shard.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Several engines on one ledger (architecture.md, Distribution). Each has one lease, and all that it works
/// on hangs on it: shards that it has claimed, and its duties. An engine that is not heard of for as long as
/// the lease lasts is ended by another one, in one transaction that frees what it had; from then on the
/// ledger refuses every commit of it as a whole. In a file there is one engine, which has everything.
namespace dialogferry::ledger {

/// How an engine presents itself.
struct Introduction {
  std::string name = {};          ///< no other living engine has it; empty: the host and a number
  std::string version = {};       ///< of the program
  std::string configuration = {}; ///< digest of what it is to carry, and how
};

/// What an engine has of what engines share.
struct PoolShare {
  std::string pool; ///< its name
  std::uint64_t duties = 0;

  bool operator==(const PoolShare&) const = default;
};

/// An engine, at work or not any more.
struct EngineEntry {
  std::int64_t id = 0; ///< never used twice
  std::string name;
  std::string host;
  std::int64_t process = 0;
  std::string version;
  std::string configuration;
  Instant started_at;             ///< these by the database's clock
  Instant seen_at;                ///< its last commit or word
  std::optional<Instant> left_at; ///< nothing: it is at work
  std::string left_why;      ///< a code: `stopped`, `failed`, `gone` (its process), `lost` (not heard of)
  std::uint64_t records = 0; ///< read since it started
  std::uint64_t rate = 0;    ///< records a second, lately
  std::uint64_t shards = 0;  ///< that it has claimed
  std::vector<std::string> duties; ///< that it has, by name; those of pools are counted
  std::vector<PoolShare> shares = {};

  bool operator==(const EngineEntry&) const = default;
};

/// Duties that engines share: of each pool every engine that wants it gets as many as the others.
struct Pool {
  std::string name;
  std::vector<std::string> duties; ///< names that no other pool has
};

/// What an engine tells now and then.
struct News {
  std::vector<std::string> duties = {};   ///< it wants to have: names of what one engine does for all
  std::uint64_t records = 0;              ///< read since it told last
  std::uint64_t rate = 0;                 ///< records a second
  std::vector<Pool> pools = {};           ///< it wants its share of
  std::vector<std::string> returned = {}; ///< duties of pools that are free from now on
};

/// What it is told in return.
struct Heard {
  std::vector<std::string> duties = {}; ///< of those it wants, what it has from now on, while it lives
  /// Of these, what is beyond its share: to be returned once nothing of it is under way.
  std::vector<std::string> too_many = {};
  std::optional<std::vector<Setting>> settings = {}; ///< where others may change them
  std::vector<EngineEntry> ended = {};               ///< engines that it has ended
  std::vector<std::string> others = {}; ///< engines at work whose configuration is another one: names
  std::chrono::milliseconds next{0};    ///< when to tell again; 0: never
};

/// Which shards an engine asks for.
struct ShardClaim {
  std::string_view row;
  std::string_view stage;
  Day from; ///< inclusive
  Day to;   ///< inclusive
  std::size_t most = 0;
};

/// What it got, and what else there is of these days.
struct ClaimedShards {
  std::vector<Shard> shards; ///< newest first
  bool more = false;         ///< others that are free, and open or due
  bool elsewhere = false;    ///< other engines have some
};

/// What became of shards that were to begin.
struct StartedShards {
  std::vector<ShardKey> begun; ///< this engine has them; in the order they were given
  std::vector<ShardKey> known; ///< were there already
};

} // namespace dialogferry::ledger
