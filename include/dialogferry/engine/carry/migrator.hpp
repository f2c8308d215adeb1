#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/record_queue.hpp>
#include <dialogferry/engine/lists.hpp>
#include <dialogferry/engine/resident.hpp>
#include <dialogferry/mapping/settings.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine {

/// Takes messages as rows of a page, and single ones by their id.
using migrator_actor =
    carrier_actor::extend<answers<Upload, Uploaded>, takes<TryAgain>, takes<Answers>, takes<SendOut>>;

/// What a migrator works with.
struct MigratorSetup {
  std::size_t home = 0; ///< its worker
  gate_actor archive;
  gate_actor correspondence;
  file_carrier_actor files;
  /// Of one for the second stage alone, which has no id of a record it is to try again: who goes on with it.
  publisher_actor publisher;
  std::shared_ptr<const mapping::Settings> mapping;
  /// From when on what is learned of a message is the live row's to carry; nothing: there is no such row.
  std::optional<Instant> live_from;
  std::function<Instant()> now;
  RecordPlaces places;
  std::chrono::milliseconds retry_for{86'400'000}; ///< what time may cure is tried so long (defer())
};

/// The first hop of a message: what is no message, or breaks a limit, is refused before anything is sent;
/// then its attachments (M1), then the message itself, hidden (M2). What is there already is recognised, and
/// the Altinn 3 id goes to the second hop with the outcome.
class Migrator : public actor_base<migrator_actor>, public Resident {
public:
  Migrator(caf::actor_config& config, MigratorSetup setup);
  const char* name() const override { return "migrator"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    record_owner owner; ///< of a row
    RecordJob job;
    std::optional<caf::typed_response_promise<Uploaded>> promise; ///< of a single record
    std::string record_id;
    Instant last_changed;
    Priority priority = Priority::history;
    TrailPtr trail;
    std::optional<codec::Document> body; ///< of a single record
    std::vector<Uuid> files;
    std::int32_t source_id = 0;
  };
  using WorkPtr = std::shared_ptr<Work>;

  void take(Carry& carry);
  void begin_next();
  static WorkPtr work_of(const Carry& hand, RecordJob job);
  caf::result<Uploaded> take(Upload& upload);
  void on_message(const WorkPtr& work, const Answered& answered);

  void begin(const WorkPtr& work, codec::JsonView json);
  void carry_files(const WorkPtr& work, const codec::Correspondence& record,
                   const mapping::correspondence::Decision& decision);
  void migrate(const WorkPtr& work, std::string body);
  void on_migrated(const WorkPtr& work, const Answered& answered);
  void publish(const WorkPtr& work, const ledger::Handed& handed);

  Result<codec::Correspondence> read(codec::JsonView json);
  void finish(const WorkPtr& work, Uploaded done);
  void fail(const WorkPtr& work, Problem problem);
  void not_answered(const WorkPtr& work, std::string member, const caf::error& error);
  codec::JsonView json_of(const Work& work) const;

  MigratorSetup setup_;
  RecordQueue<Carry> queue_;
  Inquiries<Calls, WorkPtr> migrations_; ///< M2, at Correspondence
  Outbox<RecordsDone> done_;
  std::vector<WorkPtr> single_;
  bool beginning_ = false;
  codec::Parser parser_;
};

} // namespace dialogferry::engine
