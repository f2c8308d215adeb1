#pragma once

#include "audit.hpp"
#include "live_state.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace altinn_sim::storage {

/// An instance that something happened to while the platform ran.
struct LiveInstance {
  Guid guid;
  std::string id; ///< "party/guid"
  std::string org;
  bool from_history = false; ///< it was there before; history may have carried it
  bool ever_deleted = false; ///< some state was soft-deleted: its dialog may have been created silently
  bool ever_archived = false;
  bool disordered = false;      ///< something happened at an earlier time than what was there already
  std::size_t late_files = 0;   ///< files that joined, or left, a submission after it was there
  LiveTruth newest;             ///< `state.wanted` is false where the row is gone
  std::vector<LiveState> older; ///< oldest first
};

enum class Judgement : std::uint8_t { right, missing, stale, wrong };

/// Compares a dialog (null: there is none) with the newest state of its instance; `members` tells where a
/// wrong one differs. `receipt_wait` is how long a submission waits for its receipts.
Judgement judge(const LiveInstance& instance, const StoredDialog* dialog, Ticks now, Ticks receipt_wait,
                std::vector<std::string_view>& members);

/// Everything that happens live, so that audits know what must have become of it, and how long it takes until
/// a dialog shows it. Safe to use from several threads.
class LiveLog {
public:
  LiveLog(const World& world, const StoredDialogs& stored)
      : world_(world)
      , stored_(stored) {}

  /// How long a submission waits for its receipts (`mapping.receipt_wait`).
  void set_receipt_wait(Ticks wait);

  /// See Changes::Observer; `now` is the platform's.
  std::uint64_t changed(const Record* before, const Record* after, Ticks now);
  /// The CloudEvent of a change is about to be sent; `us` is a steady clock in microseconds.
  void event_sent(Guid instance, std::uint64_t sequence, std::int64_t us, Ticks now);
  /// A write to this dialog has been answered.
  void dialog_written(Guid dialog, std::int64_t us, Ticks now);

  /// True where the instance counts as live from now on.
  bool holds(Guid instance) const;

  /// `{"count","p50_ms","p99_ms","max_ms"}`: from an event's first sending until the dialog is as the
  /// instance is.
  boost::json::object latency() const;

  /// The row `a3-app-instances-live`; of the range only the organisation counts.
  AuditRow audit(const AuditRange& range) const;

private:
  struct Watched {
    LiveInstance instance;
    std::vector<std::uint64_t> unsent; ///< changes whose event has not been sent
    std::vector<std::int64_t> pending; ///< when the events were sent that no dialog shows yet
  };

  bool shown(const LiveInstance& instance, Ticks now) const;
  void judge_all(const AuditRange& range, AuditRow& row) const;
  void find_doubles(const AuditRange& range, AuditRow& row) const;

  const World& world_;
  const StoredDialogs& stored_;
  mutable std::mutex mutex_;
  Ticks receipt_wait_ = 10 * minute;
  std::unordered_map<Guid, Watched> instances_;
  std::unordered_map<Guid, Guid> by_dialog_;
  std::uint64_t sequence_ = 0;
  std::vector<float> latencies_ms_;
};

} // namespace altinn_sim::storage
