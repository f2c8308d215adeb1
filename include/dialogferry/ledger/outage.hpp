#pragma once

#include <dialogferry/ledger/ledger.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dialogferry::ledger {

/// What a ledger that is away tells others of itself. The ledger's thread waits in here; any other may look,
/// and end the waiting.
class Outage {
public:
  struct State {
    Instant since;
    Problem problem; ///< what was said last
  };

  /// Told when the ledger has gone, and with null when it is there again; by the ledger's thread.
  using Told = std::function<void(const State*)>;

  explicit Outage(Told told = {})
      : told_(std::move(told)) {}

  /// Nothing while the ledger is there.
  std::optional<State> now() const;

  /// How often the ledger has been away.
  std::uint64_t times() const;

  /// From the ledger: it is away, since `at` where it was not already; it is back.
  void begin(Problem problem, Instant at);
  void end();

  /// From the ledger: sleeps; false where nobody wants to wait any more.
  bool wait(std::chrono::milliseconds time);

  /// From the ledger: other engines have ended this one; it writes nothing any more.
  void lose() { is_lost_ = true; }
  bool is_lost() const { return is_lost_; }

  /// From whoever ends: whatever waits ends with its Problem, now and from now on.
  void give_up();

private:
  const Told told_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<State> state_;
  std::uint64_t times_ = 0;
  bool is_given_up_ = false;
  std::atomic<bool> is_lost_ = false;
};

/// What a row waits for while the ledger is away: nothing goes on.
Wait wait_for_ledger();

/// Opens the ledger at `url` as an engine does, and waits where it goes away later: its calls return when it
/// is back and has what it was given, once, or when `outage` is given up. A file does not go away.
Result<std::unique_ptr<Ledger>> open_to_wait(const std::string& url, std::string_view environment,
                                             Instant now, std::shared_ptr<Outage> outage,
                                             const Introduction& introduction = {});

/// Whether several engines may work on the ledger at `url`: not on a file.
bool may_be_shared(const std::string& url);

} // namespace dialogferry::ledger
