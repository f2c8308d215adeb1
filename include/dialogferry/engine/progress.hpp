#pragma once

#include <dialogferry/ledger/commit.hpp>
#include <dialogferry/model/shard.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// For whom a record waits, where what stopped it is the moment's fault and not its own (decisions.md, "A
/// refusal is taken for the record's fault").
struct Held {
  std::string api;            ///< "dialogporten"; "engine" where nobody answered inside
  std::string why;            ///< a code: the name of a Verdict::Reason
  Instant since = {};         ///< when it was deferred first
  std::uint32_t attempts = 0; ///< of all its tries together
  int http_status = 0;        ///< of the last answer; 0 without one
  Problem problem = {};       ///< of the last try

  bool operator==(const Held&) const = default;
};

/// A record that must be looked at again at a certain time.
struct SecondLook {
  enum class Why : std::uint8_t {
    import,   ///< an archived form that is not wholly imported yet (storage.md 3.2)
    receipts, ///< a submission that waits for its PDFs (decisions.md D-3)
    absence,  ///< the source says that it is gone, which must be confirmed before a purge (storage.md 2.10)
    late,     ///< a live record read so early that its events may come behind it (observed.md OS-1)
    readable, ///< listed at a time that could not be read before (observed.md OS-4)
    moment,   ///< somebody could not take it at that moment: `held` says who
    early,    ///< its times are ahead of the clock (observed.md OR-6)
  };
  Why why = Why::import;
  Instant due;
  std::string record_id = {};      ///< which, where the one who is told cannot know
  std::optional<Held> held = {};   ///< with moment

  bool operator==(const SecondLook&) const = default;
};

/// What became of one record, as its shard is told.
struct RecordResult {
  Outcome outcome = Outcome::failed;
  std::optional<ledger::Failure> failure = {}; ///< with outcome failed
  std::optional<SecondLook> again = {};
};

/// The records of one shard between being read and being acknowledged. Batches finish in any order; they are
/// handed on oldest first and whole, so a checkpoint never runs ahead of an outcome.
class Progress {
public:
  explicit Progress(ShardKey key = {})
      : key_(std::move(key)) {}

  struct Entry {
    Uuid id;
    Instant last_changed;
  };

  /// A batch was read: its records are under way. Returns its number.
  std::uint64_t begin(std::vector<Entry> entries, Checkpoint checkpoint);

  /// Record `index` of a batch has an outcome. Told twice, it counts once. False where no such record is
  /// under way.
  bool finish(std::uint64_t batch, std::uint32_t index, RecordResult result);

  /// Everything from the oldest batch on that is finished, as one commit without state; nothing when
  /// the oldest is still under way.
  std::optional<ledger::Commit> take_finished();

  /// Records begun and not yet taken.
  std::size_t in_flight() const { return in_flight_; }

private:
  struct Batch {
    std::vector<Entry> entries;
    std::vector<bool> finished;
    std::size_t waiting = 0;
    Checkpoint checkpoint;
    Counts counts;
    Digest read;
    Digest acknowledged;
    std::vector<ledger::Failure> failures;
    std::vector<SecondLook> again;
  };

  ShardKey key_;
  std::deque<Batch> batches_;
  std::uint64_t first_ = 0; ///< number of batches_.front()
  std::size_t in_flight_ = 0;
};

/// True where the target acknowledged the record: what counts into Shard::digest_acked.
bool acknowledged(Outcome outcome);

} // namespace dialogferry::engine
