#include "migration/audit.hpp"

#include "migration/shown.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace altinn_sim {

namespace json = boost::json;
using correspondence::Record;
using dialogporten::Uuid;

namespace {

namespace status = correspondence::status;

constexpr std::size_t most_ids = 20;

/// How many activities the dialog must have for what the record holds; forwards may be such that none can be
/// shown, so theirs are the most there can be.
struct Activities {
  std::size_t least = 0;
  std::size_t most = 0;
};

Activities activities_of(const Record& record) {
  Activities out;
  out.most = record.notifications.size();
  if (record.first(status::read)) ++out.most;
  if (record.purge) ++out.most;
  out.least = out.most;
  // Told of where it was asked for, or came later.
  if (record.first(status::confirmed)) ++out.most;
  if (record.first(status::confirmed) && record.confirmation_needed) ++out.least;
  out.most += record.forwards.size();
  return out;
}

std::string_view folder_of(const Record& record) {
  if (record.in_bin()) return "Bin";
  return record.ever(status::archived) ? "Archive" : "Default";
}

/// What is archived while it is in the bin is in the archive where that came as an event of its own, else in
/// the bin.
bool may_be_archived(const Record& record) {
  std::optional<correspondence::Ticks> binned;
  for (const auto& each : record.deletes)
    if (each.status == status::soft_deleted) binned = std::max(binned.value_or(each.at), each.at);
  return record.in_bin() &&
         std::any_of(record.statuses.begin(), record.statuses.end(),
                     [&](const auto& each) { return each.status == status::archived && each.at > *binned; });
}

/// Counts by kind, and names the first few of each.
class Tally {
public:
  void count(std::string_view kind, const std::string& id) {
    auto& entry = kinds_[std::string{kind}];
    ++entry.count;
    if (entry.ids.size() < most_ids) entry.ids.emplace_back(id);
  }

  void write(json::object& out) const {
    for (const auto* kind :
         {"stranded", "wrongly_labelled", "doubled", "missing", "refused", "stale", "wrong", "leftover"}) {
      const auto found = kinds_.find(kind);
      out[kind] = found == kinds_.end() ? 0 : found->second.count;
      if (found != kinds_.end()) out[std::string{kind} + "_ids"] = found->second.ids;
    }
  }

private:
  struct Entry {
    std::size_t count = 0;
    json::array ids;
  };
  std::map<std::string, Entry, std::less<>> kinds_;
};

void judge_content(const Record& record, const Shown& dialog, const std::string& id, Tally& tally) {
  const bool asks = record.confirmation_needed && !record.ever(status::confirmed);
  const auto wanted = asks ? dialogporten::Status::requires_attention : dialogporten::Status::not_applicable;
  if (dialog.title != record.title || dialog.deleted != record.purge.has_value()) tally.count("wrong", id);
  if (record.purge) return;
  const auto activities = activities_of(record);
  if (dialog.status != wanted || dialog.activities < activities.least) tally.count("stale", id);
  if (dialog.activities > activities.most) tally.count("wrong", id);
  const bool is_archived = dialog.system_label == "Archive" && may_be_archived(record);
  if (dialog.system_label != folder_of(record) && !is_archived) tally.count("wrongly_labelled", id);
}

/// One record with the dialogs that show it.
void judge(const Record& record, const ShownDialogs& dialogs, Tally& tally) {
  const auto id = to_string(record.id);
  const auto [first, last] = dialogs.equal_range(id);
  const auto count = std::distance(first, last);
  const auto known = record.dialog();
  if (count > 1) tally.count("doubled", id);
  if (!known) {
    if (count > 0) return tally.count("stranded", id);
    if (!record.purge) tally.count(record.refusal.empty() ? "missing" : "refused", id);
    return;
  }
  if (record.is_migrating) return; // it came with a dialog that the sender made
  if (count == 0) return tally.count("stranded", id);
  judge_content(record, first->second, id, tally);
}

} // namespace

json::object audit_correspondence(const correspondence::Service& service,
                                  const dialogporten::Service& dialogs) {
  const auto shown = shown_dialogs(dialogs);
  Tally tally;
  std::size_t records = 0;
  std::size_t hidden = 0;
  std::set<std::string> known;
  service.for_each([&](const Record& record) {
    known.insert(to_string(record.id));
    if (record.altinn2_id == 0) return; // of Altinn 3: another row
    ++records;
    if (record.is_migrating) ++hidden;
    judge(record, shown, tally);
  });
  for (const auto& [id, dialog] : shown)
    if (!known.contains(id)) tally.count("leftover", id);
  const auto figures = service.figures();
  json::object out{{"records", records},
                   {"hidden", hidden},
                   {"dialogs", shown.size()},
                   {"attachments", figures.attachments},
                   {"orphaned_attachments", figures.orphaned_attachments},
                   {"doubled_uploads", figures.doubled_uploads}};
  tally.write(out);
  out["jobs"] = {
      {"open", figures.open_jobs}, {"retried", figures.retried_jobs}, {"failed", figures.failed_jobs}};
  return out;
}

} // namespace altinn_sim
