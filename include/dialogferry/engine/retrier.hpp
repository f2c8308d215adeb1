#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine {

/// What a retrier works with.
struct RetrierSetup {
  gate_actor storage;
  ledger_actor ledger;
  std::vector<carrier_actor> carriers;
  bool is_migration = true;
};

/// Carries single records again that were exceptions: reads each at the source as it is now, sends it the way
/// of every record, and moves it in the ledger from failed to what became of it.
class Retrier : public retrier_actor::base {
public:
  Retrier(caf::actor_config& config, RetrierSetup setup);
  const char* name() const override { return "retrier"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// One hand of exceptions and who waits for it.
  struct Hand {
    std::size_t missing = 0;
    std::optional<Problem> problem;
    caf::typed_response_promise<Noted> promise;
  };
  struct Attempt {
    ledger::Exception exception;
    std::shared_ptr<Hand> hand;
    Uuid id;
    Instant last_changed;
  };

  void begin(ledger::Exception exception, const std::shared_ptr<Hand>& hand);
  void on_instance(std::uint64_t number, const Answered& answered);
  void finish(std::uint64_t number, RecordResult result);
  void settle(const std::shared_ptr<Hand>& hand, const std::optional<Problem>& problem);

  RetrierSetup setup_;
  codec::Parser parser_;
  std::unordered_map<std::uint64_t, Attempt> under_way_;
  std::uint64_t next_ = 0;
};

} // namespace dialogferry::engine
