#pragma once

#include <dialogferry/ledger/exception.hpp>
#include <dialogferry/ledger/hand_over.hpp>
#include <dialogferry/ledger/live.hpp>
#include <dialogferry/model/shard.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::ledger {

/// What a shard becomes. One that would be complete with records still deferred is parked instead: the
/// ledger counts them, as records may be carried meanwhile. A parked shard that is tried again stays parked
/// until it completes, so that the watermark does not jump: its progress is committed without a change of
/// state.
struct StateChange {
  ShardState state = ShardState::open;
  std::string reason; ///< parked: why, for people; otherwise empty
  Instant retry_at;   ///< parked, or complete with records deferred: when to try again
};

/// A part split off a large day, which is nobody's yet: same row, stage, day and organisation as the commit's
/// shard.
struct SplitOff {
  std::uint32_t part = 0;
  Instant from; ///< window, inclusive
  Instant to;   ///< window, exclusive; its checkpoint starts here
};

/// What one shard has done since its last commit. Counts and digests are added to what is there. A parked
/// shard is due at once when its last deferred record is taken back.
struct Commit {
  ShardKey key;
  std::optional<Checkpoint> checkpoint; ///< where it stands now; without it the old one stays
  Counts counts;                        ///< new outcomes
  Counts taken_back; ///< earlier outcomes these replace: `failed` or `deferred` of a retried record
  Digest digest_read;
  Digest digest_acked;
  std::uint32_t restarts = 0;        ///< restarts since the last commit
  std::vector<Failure> failures;     ///< new ones, or new attempts at known ones
  std::vector<ExceptionId> resolved; ///< carried after all
  std::vector<WakeUp> wake_ups;      ///< records of it that must be looked at again
  std::vector<std::int64_t> woken;   ///< wake-ups that are done with
  std::optional<StateChange> state;
  bool lets_go = false;            ///< nobody carries it any more: whoever claims it may have it
  std::optional<Instant> from;     ///< the window's new lower end, after a split
  std::vector<SplitOff> split_off; ///< parts that are open from now on
  // Between the stages of a row:
  std::string next_stage = {};     ///< that goes on with this one's records; empty where none does
  std::vector<Handed> handed = {}; ///< for the next stage
  std::vector<std::int64_t> gone_on_with = {}; ///< blocks of the stage before that are done with
};

/// What a live feed has done since its last commit.
struct FeedCommit {
  std::string row;
  std::string stage;
  std::string feed;                 ///< whose cursor it is: `stream/ttd`
  std::optional<Checkpoint> cursor; ///< everything before `at` is done, and `tie_ids` at it
  Counts counts;                    ///< new outcomes, but failed: failures count themselves, once a record
  Counts taken_back;
  std::vector<Failure> failures;
  std::vector<std::string> settled;  ///< records that are carried: an exception they had is resolved
  std::vector<std::int64_t> handled; ///< inbox entries that are done with
  /// Everything there was at that time is carried: when a reading to the end began. Comes with the
  /// cursor, or after one; worth a commit now and then, so that the page tells a quiet feed from a dead one.
  std::optional<Instant> up_to_date_at = std::nullopt;
  std::vector<WakeUp> wake_ups;       ///< records that must be looked at again
  std::vector<std::int64_t> woken;    ///< wake-ups that are done with; a new one of the same key stays
  std::vector<InboxEvent> found = {}; ///< of the same row, for the engines whose partitions they are in
};

} // namespace dialogferry::ledger
