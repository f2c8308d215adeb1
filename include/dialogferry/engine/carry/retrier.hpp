#pragma once

#include <dialogferry/engine/carry/waiting.hpp>
#include <dialogferry/engine/listing/pages.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine {

/// What a retrier works with.
struct RetrierSetup {
  ledger_actor ledger;
  std::vector<carrier_actor> carriers;
  std::vector<uploader_actor> uploaders;
  bool is_migration = true;
  std::string next_stage; ///< goes on with the records; empty where none does
  std::function<Instant()> now;
  Pages pages;                                        ///< asked for what the source could not read before
  std::chrono::milliseconds park_cooldown{3'600'000}; ///< of a shard that waits for what it can read now
  std::chrono::milliseconds retry_for{86'400'000};    ///< what time may cure is tried so long (defer())
};

/// Carries single records of a history row again, exceptions and those whose time has come: each is read in
/// its lane as it is now, and moves in the ledger from failed or deferred to what became of it.
class Retrier : public actor_base<retrier_actor> {
public:
  Retrier(caf::actor_config& config, RetrierSetup setup);
  const char* name() const override { return "retrier"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// One hand of records and who waits for it.
  struct Hand {
    std::size_t missing = 0;
    std::optional<Problem> problem;
    caf::typed_response_promise<Noted> promise;
  };
  struct Attempt {
    std::string record_id;
    ShardKey shard;
    Instant last_changed;             ///< of the version that is noted
    Outcome before = Outcome::failed; ///< as the shard counts it; or deferred
    ledger::ExceptionId exception = 0;
    std::int64_t wake_up = 0;
    Waiting waiting;
    std::shared_ptr<Hand> hand;
  };

  void begin(Attempt attempt);
  void look_at_unreadable(std::uint64_t number, Instant at);
  void on_read_after_all(std::uint64_t number, const Answered& answered);
  void note(const Attempt& attempt, ledger::Commit commit);
  void finish(std::uint64_t number, const Uploaded& uploaded);
  ledger::Commit outcome_of(const Attempt& attempt, Uploaded uploaded) const;
  void settle(const std::shared_ptr<Hand>& hand, const std::optional<Problem>& problem);

  RetrierSetup setup_;
  std::unordered_map<std::uint64_t, Attempt> under_way_;
  std::uint64_t next_ = 0;
};

} // namespace dialogferry::engine
