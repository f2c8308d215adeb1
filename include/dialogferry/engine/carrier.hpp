#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/generation_cache.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// What a carrier works with.
struct CarrierSetup {
  gate_actor storage;
  metadata_actor metadata;
  register_actor registry;
  std::vector<uploader_actor> uploaders; ///< at least one; the dialog's id chooses (uploader_of)
  std::shared_ptr<const mapping::Mapper> mapper;
  std::function<Instant()> now;
  std::function<Moment()> clock;
  std::size_t window = 128; ///< records under way at once; more wait as rows of their pages
};

/// The way of a record from its list row to its outcome. Each record is one Work that waits for what it
/// needs: its events, its application, the people in it; then it is mapped and handed to the uploader of its
/// dialog.
class Carrier : public carrier_actor::base {
public:
  Carrier(caf::actor_config& config, CarrierSetup setup);
  const char* name() const override { return "carrier"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// A URN, which may be empty (FoundParties); nothing: Register does not know them.
  using Known = std::optional<std::string>;

  /// Keeps what was looked up for it: the caches may forget while the rest is under way.
  struct Work {
    record_owner owner;
    RecordJob job;
    ledger::Failure about; ///< which record it is, should it fail
    bool is_migration = true;
    Priority priority = Priority::history;
    std::size_t waiting = 2; ///< for events and application, and for people who are not known yet
    std::optional<codec::Document> events_body;
    codec::Events events;
    FoundApplication application;
    Known party;
    std::vector<std::pair<std::int64_t, Known>> users; ///< who acted, each once
    std::optional<Problem> problem;
    int http_status = 0;
    std::uint32_t attempts = 1;
  };
  using WorkPtr = std::shared_ptr<Work>;

  void begin_next();
  void fetch_events(const WorkPtr& work);
  void on_events(const WorkPtr& work, const Answered& answered);
  void fetch_application(const WorkPtr& work);
  void ask_for_parties(std::vector<WorkPtr> works, std::vector<std::int64_t> parties, Priority priority);
  void ask_for_users(const WorkPtr& work);
  void keep(const FoundParties& found, const std::vector<std::int64_t>& parties,
            const std::vector<std::int64_t>& users);

  void arrived(const WorkPtr& work);
  void map(const WorkPtr& work);
  void upload(const WorkPtr& work, mapping::Decision decision);
  void finish(const WorkPtr& work, Outcome outcome);
  void fail(const WorkPtr& work, Problem problem, int http_status, std::uint32_t attempts, std::string body);
  void report(const Work& work, Problem problem, int http_status, std::uint32_t attempts, std::string body);
  Problem gate_problem(std::string member, const caf::error& error);

  CarrierSetup setup_;
  std::deque<WorkPtr> live_; ///< wait to begin
  std::deque<WorkPtr> history_;
  std::size_t under_way_ = 0;
  codec::Parser parser_;
  GenerationCache<std::int64_t, Known> parties_;
  GenerationCache<std::int64_t, Known> users_;
  GenerationCache<std::string, FoundApplication> applications_;
};

} // namespace dialogferry::engine
