#pragma once

#include <dialogferry/engine/actors.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// What keeps the list of service owners up to date works with.
struct OwnersSetup {
  gate_actor storage;
  engine_actor engine; ///< told of organisations that Storage does not know
  std::chrono::milliseconds every{300'000};
  std::vector<supervisor_actor> history; ///< rows for all service owners
  std::vector<live_supervisor_actor> live;
  /// Rows whose organisations are configured, and could not be looked up yet.
  std::vector<std::pair<std::string, std::vector<std::string>>> named;
};

/// Reads the list of service owners again now and then, and tells the rows that are for all of them
/// (observed.md OR-5). Takes Proceed.
using owners_actor = actor_of<takes<Proceed>>;

class Owners : public actor_base<owners_actor> {
public:
  Owners(caf::actor_config& config, OwnersSetup setup);
  const char* name() const override { return "owners"; }
  behavior_type make_behavior() override;
  void on_exit() override { setup_ = {}; }

private:
  void ask();
  void on_listed(const Answered& answered);

  OwnersSetup setup_;
};

/// What is configured for a row, against what Storage has applications of (observed.md OR-4): nothing, or why
/// the row cannot be carried, with the nearest name.
std::optional<Problem> unknown_organisation(const std::string& row,
                                            const std::vector<std::string>& configured,
                                            const std::vector<std::string>& known);

/// The service owners that an answer to source::storage::applications() names.
Result<std::vector<std::string>> owners_of(const Answered& answered);

} // namespace dialogferry::engine
