#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/lanes.hpp>
#include <dialogferry/engine/carry/recent_reads.hpp>
#include <dialogferry/engine/carry/upload.hpp>
#include <dialogferry/engine/lists.hpp>
#include <dialogferry/engine/resident.hpp>

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine {

/// Takes records in lists as well.
using list_uploader_actor = uploader_actor::extend<takes<Uploads>, takes<Answers>, takes<SendOut>>;

/// What an uploader works with.
struct UploaderSetup {
  std::size_t home = 0; ///< its worker
  gate_actor storage;   ///< takes the ids of dialogs back (M-6)
  gate_actor dialogporten;
  std::function<Moment()> clock;
  std::size_t remembered = 50'000; ///< records read anew lately
  std::function<double()> random;  ///< [0, 1), spreads pauses; null: they are as long as they may be
};

/// Writes the dialogs of the records that fall to it, one piece of work a record at a time. A row that was
/// listed before its record was last read is not written from: what it shows may be over (architecture.md,
/// Ordering).
class Uploader : public actor_base<list_uploader_actor>, public Resident {
public:
  Uploader(caf::actor_config& config, UploaderSetup setup);
  const char* name() const override { return "uploader"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    UploadSteps steps;
    ReplyTo<Uploaded> reply;
  };
  using WorkPtr = std::shared_ptr<Work>;

  /// A request of a piece of work that is under way.
  struct Sent {
    WorkPtr work;
    const char* api;
  };

  void take(Upload upload, ReplyTo<Uploaded> reply);
  void on_uploads(Uploads& uploads);
  void on_answers(const Answers& answers);
  void on_down(const caf::down_msg& down);

  void begin(const WorkPtr& work);
  void go_on(const WorkPtr& work);
  void map(const WorkPtr& work);
  void ask_carrier(const WorkPtr& work);
  void send_call(const WorkPtr& work, const gate_actor& gate, const char* api);
  void after(const WorkPtr& work, std::optional<Uploaded> uploaded);

  UploaderSetup setup_;
  Lanes<WorkPtr> lanes_;
  Inquiries<Calls, Sent> calls_;
  Outbox<UploadsDone> done_; ///< of records that came in lists
  RecentReads recent_;
  std::unordered_map<std::uint64_t, WorkPtr> paused_; ///< read again after a pause, in their lanes
  std::uint64_t next_paused_ = 0;
};

/// The uploader that has the lane of a record.
const uploader_actor& uploader_of(const std::vector<uploader_actor>& uploaders, const Uuid& lane);

} // namespace dialogferry::engine
