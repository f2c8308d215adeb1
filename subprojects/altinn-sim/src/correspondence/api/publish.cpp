#include "correspondence/api/desk.hpp"
#include "correspondence/dialog/create.hpp"
#include "correspondence/dialog/door.hpp"
#include "correspondence/wire/bodies.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

// M3, and the job of a live record (correspondence.md 1.5, 3.10; observed.md OC-1 to OC-4)
namespace altinn_sim::correspondence {

namespace {

using std::chrono::microseconds;

constexpr unsigned most_retries = 3;
constexpr microseconds first_retry{100'000};
constexpr std::size_t half_slower_every = 32; ///< ids in a list

/// What becomes of one id.
struct Entry {
  Uuid id;
  std::string dialog; ///< empty: Dialogporten refused
  std::string error;
  bool ok = true;
};

/// Takes one correspondence through: the post, what the client tries again by itself, what is stored after.
class Publishing {
public:
  Publishing(Desk& desk, const Uuid& id, bool silent, Behind behind)
      : desk_(desk)
      , silent_(silent)
      , behind_(behind) {
    entry_.id = id;
  }

  /// Posts the dialog; how long that takes beyond its own time, or nothing where it came to an end without a
  /// post. With the mutex held.
  std::optional<microseconds> post(Moment at) {
    const auto* record = desk_.store.find(entry_.id);
    if (record == nullptr) return fail("Correspondence " + to_string(entry_.id) + " not found");
    if (const auto dialog = record->dialog()) {
      entry_.dialog = *dialog;
      return std::nullopt;
    }
    if (record->ever(status::purged_by_recipient) || record->ever(status::purged_by_altinn))
      return fail("Correspondence " + to_string(entry_.id) + " is purged");
    if (tries_ == 0) dialog_ = new_dialog(desk_, *record);
    if (!dialog_.problem.empty()) return fail(dialog_.problem);
    const auto answer = send(desk_.around, at, Method::post, silent_ ? "?IsSilentUpdate=true" : "",
                             dialog_.body, tries_ == 0 ? behind_ : Behind::nothing);
    status_ = answer.status;
    return is_tried_again(status_) && tries_ < most_retries ? first_retry * (1 << tries_++) : microseconds{0};
  }

  /// Stores what came of it. With the mutex held.
  void store() {
    auto& record = desk_.store.records.at(entry_.id);
    if (is_refused()) { // it counts as done (3.10)
      record.refusal = "Dialogporten answered " + std::to_string(status_);
      return;
    }
    if (status_ != 201) {
      fail("Dialogporten answered " + std::to_string(status_));
      return;
    }
    record.refusal.clear();
    record.references.push_back({reference::dialog, to_string(dialog_.id)});
    record.is_migrating = false;
    record.opened_activity = dialog_.opened_activity;
    record.confirmed_activity = dialog_.confirmed_activity;
    entry_.dialog = to_string(dialog_.id);
  }

  const Entry& entry() const { return entry_; }
  /// By Dialogporten, for good: it takes no time, and nothing is stored after.
  bool is_refused() const { return status_ == 400 || status_ == 422; }

private:
  std::nullopt_t fail(const std::string& why) {
    entry_.ok = false;
    if (auto* record = desk_.store.find(entry_.id)) record->refusal = why;
    entry_.error = "System.Exception: " + why + "\n   at MakeCorrespondenceAvailableHandler";
    return std::nullopt;
  }

  Desk& desk_;
  bool silent_;
  Behind behind_;
  Entry entry_;
  NewDialog dialog_;
  int status_ = 0;
  unsigned tries_ = 0;
};

json::object as_json(const Entry& entry) {
  return {{"correspondenceId", to_string(entry.id)},
          {"dialogId", entry.ok ? json::value(entry.dialog) : json::value(nullptr)},
          {"error", entry.ok ? json::value(nullptr) : json::value(entry.error)},
          {"ok", entry.ok}};
}

/// A list, one id after the other; the dialog is made at the start of an id's time, its reference stored at
/// the end. Whoever goes away in between leaves a dialog without a record that knows it.
class PublishingList : public Work {
public:
  PublishingList(Desk& desk, std::vector<Uuid> ids, bool silent, Behind behind)
      : desk_(desk)
      , ids_(std::move(ids))
      , silent_(silent)
      , behind_(behind) {}

  std::optional<microseconds> next(Response& answer) override {
    const std::lock_guard lock(desk_.mutex);
    if (current_ && !tries_again_) end_current();
    while (at_ < ids_.size()) {
      if (!current_)
        current_.emplace(desk_, ids_[at_], silent_, at_ == ids_.size() / 2 ? behind_ : Behind::nothing);
      if (const auto more = current_->post(desk_.around.steady())) {
        tries_again_ = more->count() > 0;
        return current_->is_refused() ? *more : *more + time_of(at_);
      }
      entries_.push_back(as_json(current_->entry()));
      current_.reset();
      ++at_;
    }
    answer.body = json::serialize(json::object{{"statuses", std::move(entries_)}});
    return std::nullopt;
  }

private:
  void end_current() {
    current_->store();
    entries_.push_back(as_json(current_->entry()));
    current_.reset();
    ++at_;
  }

  /// The longer the list, the longer each takes (observed.md OC-3).
  microseconds time_of(std::size_t position) const {
    const auto time = desk_.behaviour.publish_time;
    return time + time * static_cast<std::int64_t>(position) / (2 * half_slower_every);
  }

  Desk& desk_;
  std::vector<Uuid> ids_;
  bool silent_;
  Behind behind_;
  std::size_t at_ = 0;
  std::optional<Publishing> current_;
  bool tries_again_ = false;
  json::array entries_;
};

/// Newest first (correspondence.md 1.5, "Candidate selection").
std::vector<Uuid> candidates(Desk& desk, const Publication& asked) {
  std::vector<const Record*> found;
  for (const auto& [id, record] : desk.store.records) {
    const bool in_window = (!asked.from || record.created >= *asked.from) && record.created < *asked.to;
    if (record.is_migrating && in_window && !record.ever(status::purged_by_recipient) &&
        !record.ever(status::purged_by_altinn))
      found.push_back(&record);
  }
  std::sort(found.begin(), found.end(), [](const Record* a, const Record* b) {
    return a->created != b->created ? a->created > b->created : a->id < b->id;
  });
  found.resize(std::min(found.size(), static_cast<std::size_t>(asked.batch_size)));
  std::vector<Uuid> ids;
  for (const auto* record : found)
    ids.push_back(record->id);
  return ids;
}

Job after_publication(Desk& desk, const Uuid& id) {
  return {"schedule", [&desk, id](Moment at) -> Outcome {
            const auto& record = desk.store.records.at(id);
            if (!record.dialog()) return {true, {}}; // in vain (correspondence.md 3.10)
            const auto ahead = (record.requested_publish_time - desk.around.now()) / 10;
            desk.jobs.add_at(schedule_job(desk, id), at + std::max<Moment>(ahead, 0), at);
            return {};
          }};
}

} // namespace

void fail_publishing(Desk& desk, Record& record, Moment at) {
  record.statuses.push_back({status::failed, desk.around.now(), {}});
  desk.publish_event("correspondencepublishfailed", record);
  const auto dialog = record.dialog();
  if (!dialog) return;
  send(desk.around, at, Method::post, '/' + *dialog + "/actions/purge");
  std::erase_if(record.references, [](const ExternalReference& it) { return it.type == reference::dialog; });
}

/// Altinn 3 publishes what Altinn 2 did not (observed.md OC-15).
Job schedule_job(Desk& desk, const Uuid& id) {
  return {"publish", [&desk, id](Moment at) -> Outcome {
            auto& record = desk.store.records.at(id);
            if (!record.dialog()) return {true, {}};
            if (record.ever(status::published) || record.ever(status::failed)) return {};
            if (desk.around.knows_urn(record.sender) && desk.around.knows_urn(record.recipient)) {
              record.statuses.push_back({status::published, desk.around.now(), {}});
              desk.publish_event("correspondencepublished", record);
            } else {
              fail_publishing(desk, record, at);
            }
            return {};
          }};
}

Job publish_job(Desk& desk, const Uuid& id, bool silent, Behind behind) {
  return {"make-available", [&desk, id, silent, behind](Moment at) -> Outcome {
            Publishing publishing(desk, id, silent, behind);
            for (std::optional<microseconds> more = first_retry; more && more->count() > 0;)
              more = publishing.post(at);
            if (publishing.entry().ok && publishing.entry().dialog.empty()) publishing.store();
            if (!publishing.entry().ok) return {true, {}};
            return {false, silent ? std::vector<Job>{} : std::vector{after_publication(desk, id)}};
          }};
}

Response make_available(Desk& desk, const Request& request) {
  Publication asked;
  const auto verdict = read_publication(request.body, asked);
  if (!verdict.good()) return validation_problem(request, verdict);
  const bool by_window = !asked.id && !asked.has_ids && asked.batch_size > 0;
  if (by_window && !asked.to) return unhandled(request);
  auto ids = asked.id ? std::vector{*asked.id} : asked.ids;
  const bool silent = !(by_window && asked.create_events);
  if (by_window) {
    const std::lock_guard lock(desk.mutex);
    ids = candidates(desk, asked);
    if (asked.async) {
      for (const auto& id : ids)
        desk.jobs.add(publish_job(desk, id, silent, Behind::nothing), desk.around.steady());
      ids.clear();
    }
  }
  Response response;
  response.work = std::make_shared<PublishingList>(desk, std::move(ids), silent, request.behind);
  return response;
}

} // namespace altinn_sim::correspondence
