#include "live_log.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace altinn_sim::storage {

namespace {

constexpr std::size_t few = 5;
constexpr std::size_t latencies_at_most = 1'000'000;
constexpr std::string_view label_prefix = "urn:altinn:integration:storage:";

/// Files that submissions gained or lost which were there already.
std::size_t moved_files(const LiveTruth& before, const LiveTruth& after) {
  const auto sent = before.state.transmissions;
  if (!before.state.wanted || before.stages.empty() || sent >= after.stages.size()) return 0;
  std::vector<Guid> moved;
  const auto& then = before.stages.back().in_transmissions;
  const auto& now = after.stages[sent].in_transmissions;
  std::set_symmetric_difference(then.begin(), then.end(), now.begin(), now.end(), std::back_inserter(moved));
  return moved.size();
}

bool goes_back(const Record& before, const Record& after) {
  if (after.events.size() <= before.events.size() || before.events.empty()) return false;
  const auto latest = std::max_element(before.events.begin(), before.events.end(),
                                       [](auto& a, auto& b) { return a.created < b.created; });
  return std::any_of(after.events.begin() + std::ssize(before.events), after.events.end(),
                     [&](const Event& event) { return event.created < latest->created; });
}

void remember(LiveInstance& instance, LiveTruth truth) {
  instance.ever_deleted = instance.ever_deleted || truth.state.soft_deleted;
  instance.ever_archived = instance.ever_archived || truth.state.archived;
  instance.newest = std::move(truth);
}

void list(std::vector<std::string>& ids, const std::string& text) {
  if (ids.size() < few) ids.push_back(text);
}

std::string joined(const std::vector<std::string_view>& members) {
  std::string out;
  for (const auto member : members)
    out.append(out.empty() ? "" : ", ").append(member);
  return out;
}

std::size_t& figure_of(Verdict verdict, AuditRow& row) {
  if (verdict == Verdict::unreadable) return row.unreadable;
  return verdict == Verdict::failed ? row.failed : row.excluded;
}

void count_members(AuditRow& row, const std::vector<std::string_view>& members) {
  for (const auto member : members) {
    const auto found = std::find_if(row.wrong_members.begin(), row.wrong_members.end(),
                                    [&](const auto& one) { return one.first == member; });
    if (found == row.wrong_members.end()) {
      row.wrong_members.emplace_back(member, 1);
    } else {
      ++found->second;
    }
  }
}

} // namespace

void LiveLog::set_receipt_wait(Ticks wait) {
  const std::lock_guard lock(mutex_);
  receipt_wait_ = wait;
}

std::uint64_t LiveLog::changed(const Record* before, const Record* after, Ticks now) {
  const auto& record = after != nullptr ? *after : *before;
  if (record.is_form()) return 0;
  LiveTruth truth;
  if (after != nullptr) truth = live_truth(world_, *after, now);
  const std::lock_guard lock(mutex_);
  const auto [at, is_new] = instances_.try_emplace(record.guid);
  auto& watched = at->second;
  auto& instance = watched.instance;
  if (is_new) {
    instance.guid = record.guid;
    instance.id = record.id();
    instance.org = record.org;
    instance.from_history = before != nullptr;
    if (before != nullptr) remember(instance, live_truth(world_, *before, before->last_changed));
  }
  by_dialog_[dialog_id_of(record)] = record.guid;
  if (after == nullptr) { // the rest stays as it was, to tell what is left behind
    truth = instance.newest;
    truth.state.wanted = false;
    truth.state.made = now;
  }
  const auto old = instance.newest.state;
  if (before != nullptr) {
    instance.older.push_back(old);
    instance.late_files += moved_files(instance.newest, truth);
    if (after != nullptr) instance.disordered = instance.disordered || goes_back(*before, *after);
  }
  remember(instance, std::move(truth));
  const bool visible =
      before == nullptr ? instance.newest.state.wanted : !old.looks_like(instance.newest.state);
  if (!visible) return 0;
  watched.unsent.push_back(++sequence_);
  return sequence_;
}

bool LiveLog::holds(Guid instance) const {
  const std::lock_guard lock(mutex_);
  return instances_.contains(instance);
}

// -- how long it takes ------------------------------------------------------------------------

bool LiveLog::shown(const LiveInstance& instance, Ticks now) const {
  std::vector<std::string_view> members;
  auto judgement = Judgement::missing;
  const bool there = stored_.find(instance.newest.truth.id, [&](const StoredDialog& dialog) {
    judgement = judge(instance, &dialog, now, receipt_wait_, members);
  });
  if (!there) judgement = judge(instance, nullptr, now, receipt_wait_, members);
  return judgement == Judgement::right;
}

void LiveLog::event_sent(Guid guid, std::uint64_t sequence, std::int64_t us, Ticks now) {
  const std::lock_guard lock(mutex_);
  const auto found = instances_.find(guid);
  if (found == instances_.end()) return;
  auto& watched = found->second;
  const auto unsent = std::find(watched.unsent.begin(), watched.unsent.end(), sequence);
  if (unsent == watched.unsent.end()) return; // a copy, or nothing to be seen
  watched.unsent.erase(unsent);
  if (!shown(watched.instance, now)) watched.pending.push_back(us);
}

void LiveLog::dialog_written(Guid dialog, std::int64_t us, Ticks now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_dialog_.find(dialog);
  if (found == by_dialog_.end()) return;
  auto& watched = instances_.at(found->second);
  if (watched.pending.empty() || !shown(watched.instance, now)) return;
  for (const auto sent : watched.pending) {
    if (latencies_ms_.size() < latencies_at_most)
      latencies_ms_.push_back(static_cast<float>(us - sent) / 1000.0F);
  }
  watched.pending.clear();
}

boost::json::object LiveLog::latency() const {
  std::vector<float> all;
  {
    const std::lock_guard lock(mutex_);
    all = latencies_ms_;
  }
  std::sort(all.begin(), all.end());
  const auto quantile = [&](double share) {
    if (all.empty()) return 0.0;
    const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size()))) - 1;
    return static_cast<double>(all[std::min(at, all.size() - 1)]);
  };
  return {{"count", all.size()},
          {"p50_ms", quantile(0.5)},
          {"p99_ms", quantile(0.99)},
          {"max_ms", all.empty() ? 0.0 : static_cast<double>(all.back())}};
}

// -- audit ------------------------------------------------------------------------------------

AuditRow LiveLog::audit(const AuditRange& range) const {
  AuditRow row;
  const std::lock_guard lock(mutex_);
  judge_all(range, row);
  find_doubles(range, row);
  return row;
}

void LiveLog::judge_all(const AuditRange& range, AuditRow& row) const {
  for (const auto& [guid, watched] : instances_) {
    const auto& instance = watched.instance;
    if (!range.organisation.empty() && range.organisation != instance.org) continue;
    const auto& newest = instance.newest;
    if (newest.state.wanted) {
      ++row.expected;
    } else {
      ++figure_of(newest.truth.verdict, row);
    }
    std::vector<std::string_view> members;
    auto judgement = Judgement::missing;
    const bool there = stored_.find(newest.truth.id, [&](const StoredDialog& dialog) {
      judgement = judge(instance, &dialog, range.now, receipt_wait_, members);
    });
    if (!there) judgement = judge(instance, nullptr, range.now, receipt_wait_, members);
    if (newest.state.wanted && there) ++row.present;
    switch (judgement) {
    case Judgement::right: break;
    case Judgement::missing:
      ++row.missing;
      list(row.missing_ids, instance.id);
      break;
    case Judgement::stale:
      ++row.stale;
      list(row.stale_ids, instance.id + ": " + joined(members));
      break;
    case Judgement::wrong:
      ++row.wrong;
      list(row.wrong_ids, instance.id + ": " + joined(members));
      count_members(row, members);
    }
  }
}

void LiveLog::find_doubles(const AuditRange& range, AuditRow& row) const {
  stored_.for_each([&](const StoredDialog& dialog) {
    if (dialog.labels == nullptr) return;
    for (const auto& label : *dialog.labels) {
      const auto slash = label.rfind('/');
      if (!label.starts_with(label_prefix) || slash == std::string::npos) continue;
      const auto guid = parse_guid(std::string_view(label).substr(slash + 1));
      const auto found = guid ? instances_.find(*guid) : instances_.end();
      if (found == instances_.end()) continue;
      const auto& instance = found->second.instance;
      if (instance.newest.truth.id == dialog.id) continue;
      if (!range.organisation.empty() && range.organisation != instance.org) continue;
      ++row.doubled;
      list(row.doubled_ids, instance.id + ": dialog " + guid_text(dialog.id));
    }
  });
}

} // namespace altinn_sim::storage
