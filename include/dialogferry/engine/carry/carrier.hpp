#pragma once

#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/generation_cache.hpp>
#include <dialogferry/engine/carry/people_book.hpp>
#include <dialogferry/engine/carry/record_queue.hpp>
#include <dialogferry/engine/lists.hpp>
#include <dialogferry/engine/resident.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// Gets what it has asked for in lists.
using list_carrier_actor = carrier_actor::extend<takes<Answers>, takes<UploadsDone>, takes<SendOut>>;

/// What a carrier works with.
struct CarrierSetup {
  std::size_t home = 0; ///< its worker
  gate_actor storage;
  gate_actor dialogporten; ///< asked for what is there, where a record is mapped anew
  metadata_actor metadata;
  register_actor registry;
  std::shared_ptr<const PeopleBook> people; ///< what the registry was told
  /// At least one, and such as take lists (list_uploader_actor); the record's guid chooses (uploader_of).
  std::vector<uploader_actor> uploaders;
  std::shared_ptr<const mapping::Mapper> mapper;
  std::function<Instant()> now;
  std::function<Moment()> clock;
  RecordPlaces places;
  std::chrono::milliseconds purge_confirm{60'000}; ///< between the two confirmations that a record is gone
  std::chrono::milliseconds import_wait{10'000};   ///< before a form not wholly imported is looked at again
  std::chrono::milliseconds retry_for{86'400'000}; ///< what time may cure is tried so long (defer())
};

/// The way of a record from its list row to its outcome. Each record is one Work that waits for what it
/// needs: its events, its application, the people in it; then it is mapped and handed to the uploader that
/// has its lane. A record that is mapped anew is read first, and its dialog with it; that does not count into
/// the window, since it is a lane that waits for it.
class Carrier : public actor_base<list_carrier_actor>, public Resident {
public:
  Carrier(caf::actor_config& config, CarrierSetup setup);
  const char* name() const override { return "carrier"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// A record that is read anew, and what there is of its dialog.
  struct Anew {
    MapAnew question;
    caf::typed_response_promise<MappedAnew> promise;
    std::optional<codec::Document> instance_body;
    std::optional<codec::Instance> instance; ///< nothing: the source has it no more
    std::optional<codec::Document> dialog_body;
    std::optional<codec::StoredDialog> existing;
    std::string app_id; ///< of a record that is gone, as its dialog tells
    std::optional<SecondLook> again;
    std::uint32_t readings = 0;
    std::optional<Instant> version; ///< as last read
    bool steady = false;            ///< the reading before found the same version
    bool behind_dialog = false;     ///< read once more after its dialog
    Seen seen;
  };

  struct Work;
  using WorkPtr = std::shared_ptr<Work>;

  /// Records that were handed over together. Their owners are asked for in one list.
  struct Hand : Carry {
    std::vector<std::int64_t> asked;    ///< owners that were not in the book, each once
    std::optional<FoundParties> owners; ///< nothing: not answered yet
    std::vector<WorkPtr> waiting;       ///< for the answer

    bool is_asked(std::int64_t party) const {
      return std::find(asked.begin(), asked.end(), party) != asked.end();
    }
  };

  /// Keeps what was looked up for it: the book may forget while the rest is under way.
  struct Work {
    record_owner owner;
    RecordJob job;
    std::unique_ptr<Anew> anew;
    std::string record_id;
    std::string organisation;
    Instant last_changed;
    TrailPtr trail;
    Moment listed{};
    bool is_migration = true;
    Priority priority = Priority::history;
    std::size_t waiting = 2; ///< for events and application, and for people who are not known yet
    std::optional<codec::Document> events_body;
    codec::Events events;
    FoundApplication application;
    KnownUrn party;
    std::vector<std::pair<std::int64_t, KnownUrn>> users; ///< who acted, each once
    std::optional<Problem> problem;
    std::optional<Held> held; ///< with a problem that is the moment's fault
    int http_status = 0;
    std::uint32_t attempts = 1;
  };

  static std::optional<std::int64_t> number_of(std::string_view text);

  // -- rows -----------------------------------------------------------------------
  void take(Carry& carry);
  void begin_next();
  static WorkPtr work_of(const Carry& hand, RecordJob job);
  void fetch_events(const WorkPtr& work);
  void on_events(const WorkPtr& work, const Answered& answered);
  void fetch_application(const WorkPtr& work);
  void ask_for_owners(const std::shared_ptr<Hand>& hand);
  void find_owner(const WorkPtr& work, const std::shared_ptr<Hand>& hand);
  static void take_owner(Work& work, const FoundParties& found);
  void ask_for_users(const WorkPtr& work);

  // -- records read anew (carrier_anew.cpp) -----------------------------------------
  caf::result<MappedAnew> map_anew(MapAnew& question);
  void look_at_events(const WorkPtr& work);
  void read_instance(const WorkPtr& work);
  void on_instance(const WorkPtr& work, const Answered& answered);
  void take_instance(const WorkPtr& work, codec::Document body);
  void fetch_dialog(const WorkPtr& work);
  void on_dialog(const WorkPtr& work, const Answered& answered);
  void look_for_dialog(const WorkPtr& work);
  void on_orphan(const WorkPtr& work, const Answered& answered);
  void confirm_absence(const WorkPtr& work);
  static bool may_be_older_than_its_events(const Work& work);
  static bool may_be_older_than_its_dialog(const Work& work, const mapping::Decision& decision);
  void list_owner(const WorkPtr& work, std::string_view token);
  void on_owner_listed(const WorkPtr& work, const Answered& answered);
  void finish_anew(const WorkPtr& work, Result<mapping::Decision> decision);
  void fail_anew(const WorkPtr& work, Uploaded failed);
  void no_answer(const WorkPtr& work, const Answered& answered);

  // -- mapping and upload -----------------------------------------------------------
  void arrived(const WorkPtr& work);
  void map(const WorkPtr& work);
  bool has_changed_since_listed(const Work& work) const;
  Result<mapping::Decision> decide(const Work& work, const codec::Instance* instance);
  void upload(const WorkPtr& work, std::shared_ptr<mapping::Decision> decision);
  void on_uploaded(const WorkPtr& work, Uploaded uploaded);
  void on_down(const caf::down_msg& down);
  SecondLook second_look(const mapping::Decision& decision) const;
  void finish(const WorkPtr& work, Outcome outcome, std::optional<SecondLook> again);
  void fail(const WorkPtr& work, Uploaded failed);
  void fail(const WorkPtr& work, Problem problem);
  void report(const Work& work, Uploaded failed);
  void not_answered(const WorkPtr& work, std::string member, const caf::error& error);
  Problem gate_problem(std::string member, const caf::error& error);

  /// Sends a Call; `then` takes a successful or unsuccessful answer, a dead gate becomes the record's
  /// problem.
  template <class Then>
  void ask(const gate_actor& gate, const WorkPtr& work, http::Request what, http::Operation operation,
           std::string member, Then then) {
    Call call{std::make_shared<const http::Request>(std::move(what)), operation, work->priority,
              Patience::record, work->trail};
    request(gate, caf::infinite, std::move(call))
        .then([work, then](const Answered& answered) { then(work, answered); },
              [this, work, member = std::move(member)](const caf::error& error) {
                not_answered(work, member, error);
              });
  }

  CarrierSetup setup_;
  RecordQueue<Hand> queue_;
  Inquiries<Calls, WorkPtr> events_;    ///< events of records, at Storage
  Inquiries<Uploads, WorkPtr> uploads_; ///< records that are mapped
  Outbox<RecordsDone> done_;
  codec::Parser parser_;
  GenerationCache<std::string, FoundApplication> applications_;
};

} // namespace dialogferry::engine
