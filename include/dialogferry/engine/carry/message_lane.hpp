#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/generation_cache.hpp>
#include <dialogferry/engine/carry/lanes.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/mapping/settings.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine {

/// What carries live messages works with.
struct MessageLaneSetup {
  gate_actor archive;
  gate_actor correspondence;
  gate_actor dialogporten; ///< asked whether a dialog is there, and what its label is
  file_carrier_actor files;
  publisher_actor publisher;
  ledger_actor ledger; ///< asked how far history is
  std::string history_row;
  std::string first_stage;
  std::shared_ptr<const mapping::Settings> mapping;
  Instant begin; ///< what was created before is history's
  /// Ticks: since when this engine carries the row, before which others may have; null: from the beginning.
  std::shared_ptr<const std::atomic<std::int64_t>> ours_since = {};
  std::uint32_t syncs = 4; ///< calls of M4 to M6 in flight (observed.md OC-8)
  std::function<Instant()> now;
  std::function<Moment()> clock;
  std::chrono::milliseconds first_pause{20}; ///< between two looks at a dialog; doubled, to last_pause
  std::chrono::milliseconds last_pause{500};
  std::chrono::milliseconds publish_patience{10'000}; ///< for the dialog of a new message to appear
  std::chrono::milliseconds label_patience{15'000};   ///< for its label to change
  /// After an event that leaves the label as it is: its job cannot be seen to be done, and must not come
  /// last.
  std::chrono::milliseconds settle{1'000};
};

/// Both hops of a live message, and its later events: it is read, sent (M2), seen to be published, and only
/// then told of what came after, one change of its label at a time, each read back at Dialogporten before the
/// next (observed.md OC-4 to OC-8, OC-15). One message is under way at a time in its lane.
class MessageLane : public actor_base<uploader_actor> {
public:
  MessageLane(caf::actor_config& config, MessageLaneSetup setup);
  const char* name() const override { return "message lane"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  using Label = mapping::correspondence::DialogLabel;

  /// Of a message whose label events were seen to work.
  struct Shown {
    std::vector<Instant> times; ///< when they happened: they are not sent again
    Label label = Label::none;  ///< what the last one left
  };

  struct Work {
    Upload upload;
    caf::typed_response_promise<Uploaded> promise;
    codec::Document body;
    std::int32_t source_id = 0;
    Instant created;
    bool is_of_live = false; ///< created since live began: published with events
    bool is_deleted = false;
    std::optional<Instant> carried_before; ///< nothing: it was never carried
    std::vector<Uuid> files;
    bool is_probe = false; ///< M2 names a file nobody has, so that it only answers for what is there (OC-13)
    Uuid target;
    bool is_new = false;
    std::deque<mapping::correspondence::SyncStep> steps;
    std::size_t sent = 0;
    std::optional<Label> label; ///< of its dialog, as far as it is known
    bool has_settled = false;   ///< the event at hand, which left the label as it was
    bool is_unsure = false;     ///< a label did not come, of an event that may have been sent before
    Moment look_until{};
    std::chrono::milliseconds pause{0};
    std::function<void()> then; ///< after the pause
  };
  using WorkPtr = std::shared_ptr<Work>;

  // -- what it is (message_lane.cpp) -------------------------------------------------
  void begin(const WorkPtr& work);
  void on_message(const WorkPtr& work, codec::Document body);
  void ask_history(const WorkPtr& work);
  void on_day(const WorkPtr& work, DayState state);

  // -- both hops -----------------------------------------------------------------------
  void carry_files(const WorkPtr& work);
  void probe(const WorkPtr& work);
  void migrate(const WorkPtr& work);
  void on_migrated(const WorkPtr& work, const Answered& answered);
  void wait_for_dialog(const WorkPtr& work);
  void publish(const WorkPtr& work);

  // -- what came after (message_lane_sync.cpp) -------------------------------------------
  void begin_sync(const WorkPtr& work);
  void next_step(const WorkPtr& work);
  void send_step(const WorkPtr& work);
  void on_step(const WorkPtr& work, const Answered& answered);
  void read_label(const WorkPtr& work);
  void on_label(const WorkPtr& work, std::optional<Label> label);
  void end_sync(const WorkPtr& work);

  // -- common ------------------------------------------------------------------------------
  Result<codec::Correspondence> read(const Work& work);
  /// What was known later was sent by nobody before.
  Instant ours_since() const { return setup_.ours_since ? Instant{*setup_.ours_since} : begun_; }
  void look_again(const WorkPtr& work, std::function<void()> then);
  void finish(const WorkPtr& work, Uploaded done);
  void fail(const WorkPtr& work, Problem problem);
  void fail(const WorkPtr& work, const Answered& answered);
  void hold(const WorkPtr& work, std::string why, Problem problem);

  template <class Then>
  void ask(const WorkPtr& work, const gate_actor& gate, http::Request what, http::Operation operation,
           Then then, Patience patience = Patience::record) {
    Call call{std::make_shared<const http::Request>(std::move(what)), operation, work->upload.priority,
              patience, work->upload.trail};
    request(gate, caf::infinite, std::move(call))
        .then([then](const Answered& answered) { then(answered); },
              [this, work](const caf::error& error) { not_answered(work, error); });
  }
  void not_answered(const WorkPtr& work, const caf::error& error);

  MessageLaneSetup setup_;
  Instant begun_;
  codec::Parser parser_;
  Lanes<WorkPtr> lanes_;
  std::vector<WorkPtr> under_way_;
  std::unordered_map<std::uint64_t, WorkPtr> paused_;
  std::uint64_t next_paused_ = 0;
  std::uint32_t syncs_ = 0; ///< in flight
  std::deque<WorkPtr> wait_to_sync_;
  GenerationCache<Uuid, Shown> shown_; ///< by message
};

} // namespace dialogferry::engine
