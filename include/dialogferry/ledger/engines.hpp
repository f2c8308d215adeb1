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
  std::vector<std::string> duties; ///< that it has, by name

  bool operator==(const EngineEntry&) const = default;
};

/// What an engine tells now and then.
struct News {
  std::vector<std::string> duties = {}; ///< it wants to have: names of what one engine does for all
  std::uint64_t records = 0;            ///< read since it told last
  std::uint64_t rate = 0;               ///< records a second
};

/// What it is told in return.
struct Heard {
  std::vector<std::string> duties = {}; ///< of those it wants, what it has from now on, while it lives
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
