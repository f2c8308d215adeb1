#include "archive/audit.hpp"

#include "archive/truth.hpp"
#include "migration/audit_row.hpp"
#include "migration/shown.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace altinn_sim {

namespace json = boost::json;
using archive::Message;
using archive::Truth;
using correspondence::Record;

namespace {

std::string name_of(const Message& message) {
  return std::to_string(message.id);
}

// -- what a record must have ----------------------------------------------------------------------

using Key = std::tuple<int, archive::Ticks, std::string>;

/// Whether every event that counts is in the record.
bool has_events(const Record& record, const Truth& truth) {
  std::set<Key> known;
  const auto second_of = [](archive::Ticks at) { return storage::floor_to(at, storage::second); };
  for (const auto* list : {&record.statuses, &record.deletes})
    for (const auto& each : *list)
      known.emplace(each.status, second_of(each.at), to_string(each.party));
  const bool statuses = std::all_of(truth.statuses.begin(), truth.statuses.end(), [&](const auto& each) {
    return known.contains(
        {static_cast<int>(each.status), second_of(each.at), storage::guid_text(each.party)});
  });
  return statuses && record.notifications.size() >= truth.notifications &&
         record.forwards.size() >= truth.least_forwards;
}

std::vector<std::string_view> differences(const Message& message, const Truth& truth, const Record& record,
                                          const Shown& dialog) {
  std::vector<std::string_view> out;
  const auto check = [&](bool same, std::string_view member) {
    if (!same) out.push_back(member);
  };
  const auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    return text;
  };
  check(dialog.created_at.ticks == truth.created_at, "createdAt");
  check(dialog.updated_at.ticks == truth.updated_at, "updatedAt");
  check(dialog.party == lower(message.party), "party");
  check(dialog.title == message.title.value_or(""), "title");
  check(dialog.attachments == truth.attachments, "attachments");
  check(dialog.activities <= truth.most_activities, "activities");
  check(!dialog.deleted, "deletedAt");
  check(record.attachments.size() == message.attachments.size(), "existingAttachments");
  check(record.notifications.size() == truth.notifications, "notifications");
  return out;
}

class Audit {
public:
  Audit(const correspondence::Service& records, const dialogporten::Service& dialogs)
      : records_(records)
      , shown_(shown_dialogs(dialogs)) {}

  void judge(const Message& message, AuditFigures& row) {
    const auto truth = archive::truth_of(message);
    const auto record = records_.find_altinn2(message.id);
    const auto id = record ? to_string(record->id) : std::string();
    const auto [first, last] = shown_.equal_range(id);
    const auto count = static_cast<std::size_t>(std::distance(first, last));
    if (count > 1) row.note("doubled", name_of(message));
    const auto* dialog = count == 0 ? nullptr : &first->second;
    switch (truth.verdict) {
    case Truth::Verdict::excluded: row.count("excluded"); break;
    case Truth::Verdict::waiting: row.count("waiting"); break;
    case Truth::Verdict::unfit:
      row.count("failed");
      row.count("unfit");
      if (record) row.count("refused");
      break;
    case Truth::Verdict::carried: return judge_carried(message, truth, record, dialog, row);
    }
    if (dialog != nullptr && !dialog->deleted) row.wrong(name_of(message), {"must not be there"});
  }

private:
  static void judge_carried(const Message& message, const Truth& truth, const std::optional<Record>& record,
                            const Shown* dialog, AuditFigures& row) {
    row.count("expected");
    const bool is_known = record && record->dialog();
    if (dialog == nullptr || !is_known) {
      row.note("missing", name_of(message));
      if (dialog != nullptr || is_known) row.note("stranded", name_of(message));
      return;
    }
    row.count("present");
    judge_dialog(message, truth, *record, *dialog, row);
  }

  static void judge_dialog(const Message& message, const Truth& truth, const Record& record,
                           const Shown& dialog, AuditFigures& row) {
    const auto members = differences(message, truth, record, dialog);
    if (!members.empty()) return row.wrong(name_of(message), members);
    if (!has_events(record, truth)) return row.note("stale", name_of(message), "the record lacks events");
    const auto wanted = truth.asks_to_confirm ? dialogporten::Status::requires_attention
                                              : dialogporten::Status::not_applicable;
    if (dialog.activities < truth.least_activities) return row.note("stale", name_of(message), "activities");
    if (dialog.status != wanted) return row.note("stale", name_of(message), "status");
    const bool is_right =
        dialog.system_label == truth.folder || (truth.may_be_archived && dialog.system_label == "Archive");
    if (!is_right) row.note("wrongly_labelled", name_of(message), dialog.system_label);
  }

  const correspondence::Service& records_;
  ShownDialogs shown_;
};

/// Files that no record names, and bytes that came twice, in the row of their message.
void judge_files(const correspondence::Service& records, const std::map<std::int64_t, AuditFigures*>& rows) {
  constexpr std::int64_t files_of_a_message = 8;
  records.for_each_attachment([&](const correspondence::Attachment& file, bool is_named) {
    std::int64_t number = 0;
    const auto& text = file.altinn2_id;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) return;
    const auto row = rows.find(number / files_of_a_message);
    if (row == rows.end()) return;
    if (!is_named) row->second->note("orphaned_attachments", std::to_string(row->first));
    row->second->count("doubled_uploads", file.doubled_uploads);
  });
}

} // namespace

json::array audit_messages(const archive::Archive& archive, const correspondence::Service& records,
                           const dialogporten::Service& dialogs, const storage::AuditRange& range) {
  if (archive.empty()) return {};
  Audit audit(records, dialogs);
  AuditFigures historic;
  AuditFigures live;
  std::map<std::int64_t, AuditFigures*> with_files;
  constexpr archive::Day far = 1'000'000;
  archive.for_each(
      range.from.value_or(-far), range.to.value_or(far), [&](const Message& message, bool is_live) {
        if (!range.organisation.empty() && !message.resource.starts_with(range.organisation + "-")) return;
        auto& row = is_live ? live : historic;
        if (!message.attachments.empty()) with_files[message.id] = &row;
        audit.judge(message, row);
      });
  judge_files(records, with_files);
  return {historic.as_json("a2-correspondence-historic"), live.as_json("a2-correspondence-live")};
}

} // namespace altinn_sim
