#pragma once

#include "../rows.hpp"

#include <dialogferry/engine/roster.hpp>
#include <dialogferry/engine/verify/examiner.hpp>
#include <dialogferry/engine/verify/verifier.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine::verify {

/// Whom those who compare a row need besides themselves.
struct Neighbours {
  gate_actor storage;
  gate_actor dialogporten;
  metadata_actor metadata;
  register_actor registry;
  std::vector<carrier_actor> carriers;
  std::vector<uploader_actor> uploaders;
  std::shared_ptr<const mapping::Mapper> mapper;
  std::shared_ptr<http::BodyStore> bodies;
  // -- of messages alone
  gate_actor archive;
  gate_actor correspondence;
  gate_actor people;                     ///< Register itself; may be null
  std::vector<uploader_actor> first_hop; ///< for repairs
  std::vector<uploader_actor> second_hop;
  std::shared_ptr<const mapping::Settings> mapping;
  std::optional<Instant> live_from; ///< as MigratorSetup
};

/// How they compare it.
struct Manner {
  const RowKind* row = nullptr; ///< a historic one, or of app instances or archived forms
  Priority priority = Priority::history;
  bool repair = false;
  std::optional<std::uint64_t> sample = {};
  std::chrono::milliseconds purge_confirm{60'000};
  std::size_t examiners = 1;
  std::size_t windows = 8; ///< side by side
  std::size_t looks = 64;  ///< single records under way
};

/// Those who compare one row: a verifier, which spawns its windows, and its examiners.
struct Company {
  verifier_actor verifier;
  std::vector<examiner_actor> examiners;
};

/// Whether the days of a row can be compared.
bool can_be_compared(const RowKind& row);

/// They stand in the roster. Whoever ends them ends the verifier first.
Company spawn_company(caf::actor_system& system, Roster& roster, const Neighbours& neighbours,
                      const Manner& manner);

} // namespace dialogferry::engine::verify
