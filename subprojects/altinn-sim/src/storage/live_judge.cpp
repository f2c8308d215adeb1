#include "live_log.hpp"

#include <algorithm>

namespace altinn_sim::storage {

namespace {

/// Just after a submission was released its dialog may still be on the way.
constexpr Ticks grace = 5 * second;

bool same_time(Ticks a, Ticks b) {
  return floor_to(a, microsecond) == floor_to(b, microsecond);
}

std::size_t sorted_hash(const std::vector<std::pair<std::string, std::string>>* texts) {
  if (texts == nullptr) return hash_of({});
  auto sorted = *texts;
  std::sort(sorted.begin(), sorted.end());
  return hash_of(sorted);
}

class Judge {
public:
  Judge(const LiveInstance& instance, const StoredDialog& dialog, Ticks now, Ticks receipt_wait)
      : instance_(instance)
      , truth_(instance.newest.truth)
      , state_(instance.newest.state)
      , dialog_(dialog)
      , now_(now)
      , receipt_wait_(receipt_wait) {}

  Judgement run(std::vector<std::string_view>& members) {
    const bool deleted = state_.soft_deleted && !instance_.newest.keeps_deleted;
    check_what_never_changes(members);
    // What is deleted, or may not be, is not updated any more: it may show any state before.
    const bool any_state = state_.soft_deleted;
    if (!any_state || !shows_an_older_state()) check_content(members);
    check(members, dialog_.deleted == deleted, "deletedAt");
    check(members, updated_rightly(any_state), "updatedAt");
    if (members.empty()) return Judgement::right;
    return is_stale() ? Judgement::stale : Judgement::wrong;
  }

private:
  static void check(std::vector<std::string_view>& members, bool same, std::string_view member) {
    if (!same) members.push_back(member);
  }

  bool may_be_silent() const { return instance_.from_history || instance_.ever_deleted; }

  void check_what_never_changes(std::vector<std::string_view>& members) const {
    check(members, same_time(dialog_.created_at, truth_.created_at), "createdAt");
    check(members, dialog_.party == truth_.party, "party");
    check(members, dialog_.service_resource == truth_.service_resource, "serviceResource");
    const bool labelled =
        dialog_.labels != nullptr && dialog_.labels->size() == 1 && dialog_.labels->front() == truth_.label;
    check(members, labelled, "labels");
    check(members, !dialog_.silent || may_be_silent(), "silent");
    // Created live, or updated not silently: Default (M-57, dialogporten.md 4.5). Before that: as history has
    // it.
    const bool archive = dialog_.system_label == "Archive" && may_be_silent() && instance_.ever_archived;
    check(members, archive || dialog_.system_label == "Default", "systemLabel");
  }

  bool same_texts(const LiveState& state) const {
    return same_title(state) && same_summary(state) && same_extended_status(state);
  }
  bool same_title(const LiveState& state) const {
    return state.title == 0 || state.title == sorted_hash(dialog_.title);
  }
  bool same_summary(const LiveState& state) const {
    return state.summary == 0 || state.summary == sorted_hash(dialog_.summary);
  }
  bool same_extended_status(const LiveState& state) const {
    return state.extended_status == 0 || state.extended_status == sorted_hash(dialog_.extended_status);
  }
  bool same_activities(const LiveState& state) const {
    // An event that comes in before others may begin a run of its own; what is stored stays (M-111).
    return dialog_.activities == state.activities ||
           (instance_.disordered && dialog_.activities > state.activities);
  }

  void check_content(std::vector<std::string_view>& members) const {
    check(members, same_title(state_), "title");
    check(members, same_summary(state_), "summary");
    check(members, same_extended_status(state_), "extendedStatus");
    check(members, dialog_.status == state_.status, "status");
    check(members, same_activities(state_), "activities");
    check_files(members);
  }

  /// What is all right now: everything sent, or without what still waits for a receipt.
  std::vector<Stage> possible_stages() const {
    const auto& newest = instance_.newest;
    const auto& stages = newest.stages;
    if (!newest.waits_for_receipts) return {stages.back()};
    const auto reached = [&](Ticks latest) {
      return *std::find_if(stages.begin(), stages.end(), [&](const Stage& one) {
        return one.next_submitted == no_time || one.next_submitted + receipt_wait_ > latest;
      });
    };
    std::vector<Stage> out{reached(now_), reached(now_ - grace)};
    if (instance_.from_history || state_.soft_deleted) out.push_back(stages.back()); // history never waits
    return out;
  }

  void check_files(std::vector<std::string_view>& members) const {
    const auto all = possible_stages();
    const auto fits = [&](const Stage& stage) {
      return dialog_.transmissions == stage.transmissions && files_fit(stage);
    };
    if (std::any_of(all.begin(), all.end(), fits)) return;
    const bool number = std::any_of(all.begin(), all.end(), [&](const Stage& stage) {
      return dialog_.transmissions == stage.transmissions;
    });
    members.push_back(number ? "attachments" : "transmissions");
  }

  /// Files that came late for a stored transmission are on the dialog instead (D-6).
  bool files_fit(const Stage& wanted) const {
    const auto late = instance_.late_files;
    const auto sent = dialog_.transmission_attachments;
    const auto here = dialog_.attachments;
    if (late == 0) return sent == wanted.transmission_attachments && here == wanted.attachments;
    return sent + late >= wanted.transmission_attachments && sent <= wanted.transmission_attachments + late &&
           here >= wanted.attachments && here <= wanted.attachments + late;
  }

  bool shows(const LiveState& state) const {
    return state.wanted && same_texts(state) && dialog_.status == state.status && same_activities(state) &&
           dialog_.transmissions <= state.transmissions;
  }

  bool shows_an_older_state() const {
    return shows(state_) || std::any_of(instance_.older.begin(), instance_.older.end(),
                                        [&](const LiveState& state) { return shows(state); });
  }

  // Stale: it is what the instance once was, nothing worse. What was deleted may have kept what it showed
  // before.
  bool is_stale() const {
    const auto& older = instance_.older;
    const bool was_deleted = std::any_of(older.begin(), older.end(), [&](const LiveState& state) {
      return dialog_.deleted == (state.soft_deleted && !instance_.newest.keeps_deleted);
    });
    return was_deleted &&
           std::any_of(older.begin(), older.end(), [&](const LiveState& state) { return shows(state); });
  }

  /// A dialog keeps the updatedAt it was created with; an update that is not silent moves it to when it was
  /// made (dialogporten.md 4.4), which cannot be before there was such a state.
  bool updated_rightly(bool any_state) const {
    const bool any = any_state || may_be_silent();
    Ticks since = state_.made;
    if (same_time(dialog_.updated_at, state_.updated_at)) return true;
    for (auto at = instance_.older.rbegin(); at != instance_.older.rend(); ++at) {
      // Files that come late need not show at all.
      const bool alike = at->looks_like(state_) || (instance_.late_files > 0 && shows(*at));
      if (!any && !alike) break;
      if (same_time(dialog_.updated_at, at->updated_at)) return true;
      since = at->made;
    }
    return dialog_.updated_at >= floor_to(since, microsecond);
  }

  const LiveInstance& instance_;
  const Truth& truth_;
  const LiveState& state_;
  const StoredDialog& dialog_;
  Ticks now_;
  Ticks receipt_wait_;
};

} // namespace

Judgement judge(const LiveInstance& instance, const StoredDialog* dialog, Ticks now, Ticks receipt_wait,
                std::vector<std::string_view>& members) {
  const auto& newest = instance.newest;
  if (!newest.state.wanted) {
    if (dialog == nullptr || newest.keeps_deleted || newest.truth.stays) return Judgement::right;
    members.push_back("must not be there");
    return Judgement::wrong;
  }
  if (dialog == nullptr) return Judgement::missing;
  return Judge(instance, *dialog, now, receipt_wait).run(members);
}

} // namespace altinn_sim::storage
