#pragma once

#include "correspondence/api/problem.hpp"
#include "correspondence/jobs/jobs.hpp"
#include "correspondence/service.hpp"
#include "correspondence/store/store.hpp"

#include <mutex>

namespace altinn_sim::correspondence {

/// What the endpoints work with. Whoever touches store, jobs or events holds the mutex.
struct Desk {
  Desk(Surroundings surroundings, std::uint64_t seed)
      : around(std::move(surroundings))
      , ids(seed)
      , jobs(seed) {}

  Surroundings around;
  Behaviour behaviour;
  dialogporten::UuidSource ids;
  std::mutex mutex;
  Store store;
  Jobs jobs;
  std::map<std::string, std::uint64_t> events; ///< published, by name without prefix

  void publish_event(const std::string& name, const Record& record) {
    ++events[name];
    if (record.altinn2_id == 0 && around.told) around.told(name, record);
  }
  std::chrono::microseconds event_time() {
    const std::lock_guard lock(mutex);
    return behaviour.event_time;
  }
  Uuid new_id() { return ids.version_7(around.now()); }
};

// -- the endpoints (correspondence.md 1) -------------------------------------
Response upload(Desk& desk, const Request& request);
Response migrate(Desk& desk, const Request& request);
Response make_available(Desk& desk, const Request& request);
Response sync_statuses(Desk& desk, const Request& request);
Response sync_forwards(Desk& desk, const Request& request);
Response sync_notifications(Desk& desk, const Request& request);

/// Work in steps of the same length; a step that gives false is the last.
class Steps : public Work {
public:
  using Step = std::function<bool(Response&)>;

  Steps(std::vector<Step> steps, std::chrono::microseconds each)
      : steps_(std::move(steps))
      , each_(each) {}

  std::optional<std::chrono::microseconds> next(Response& answer) override {
    if (at_ == steps_.size() || !steps_[at_++](answer) || at_ == steps_.size()) return std::nullopt;
    return each_;
  }

private:
  std::vector<Step> steps_;
  std::size_t at_ = 0;
  std::chrono::microseconds each_;
};

/// Stores an event that the record does not know yet, and adds the jobs that follow from it
/// (correspondence.md 1.6). With the mutex held.
void store_event(Desk& desk, Record& record, const StatusEvent& event);
void store_event(Desk& desk, Record& record, const Notification& event);
void store_event(Desk& desk, Record& record, const Forward& event);

// -- Altinn 3 (correspondence.md 6) -------------------------------------------
/// `GET …/correspondence/{id}`, with `details`.
Response overview(Desk& desk, const Request& request, std::string_view id, bool details);
/// `GET …/correspondence`: the ids of what is available.
Response list(Desk& desk, const Request& request);
Uuid send_correspondence(Desk& desk, const NewCorrespondence& wanted);
bool happen(Desk& desk, const Uuid& id, const StatusEvent& event);
/// The job that publishes what has a dialog, unless it is published. With the mutex held.
Job schedule_job(Desk& desk, const Uuid& id);
/// A publishing fails: the dialog is purged, the record forgets it. With the mutex held.
void fail_publishing(Desk& desk, Record& record, Moment at);

/// The job that makes the dialog of a live record, and what follows (1.3). With the mutex held.
Job publish_job(Desk& desk, const Uuid& id, bool silent, Behind behind);

} // namespace altinn_sim::correspondence
