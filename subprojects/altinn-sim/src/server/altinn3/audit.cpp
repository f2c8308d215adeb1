#include "altinn3/audit.hpp"

#include "migration/audit_row.hpp"
#include "migration/shown.hpp"

namespace altinn_sim {

namespace status = correspondence::status;
using correspondence::Record;

namespace {

/// Members in which the dialog of something that is there is not as it must be, and whether it is only
/// behind.
void judge_dialog(const Record& record, const std::string& id, const Shown& dialog, AuditFigures& row) {
  if (dialog.title != record.title) return row.wrong(id, {"title"});
  if (dialog.party != record.recipient) return row.wrong(id, {"party"});
  if (record.purge.has_value() != dialog.deleted) return row.note("stale", id, "deletedAt");
  if (record.purge) return;
  const bool is_read = record.ever(status::read);
  const bool is_confirmed = record.ever(status::confirmed);
  const auto activities = static_cast<std::size_t>(is_read) + static_cast<std::size_t>(is_confirmed);
  if (dialog.activities > activities) return row.wrong(id, {"activities"});
  if (dialog.activities < activities) return row.note("stale", id, "activities");
  const bool asks = record.confirmation_needed && !is_confirmed;
  if ((dialog.status == dialogporten::Status::requires_attention) != asks) row.note("stale", id, "status");
}

void judge(const Record& record, const ShownDialogs& dialogs, AuditFigures& row) {
  const auto id = to_string(record.id);
  const auto [first, last] = dialogs.equal_range(id);
  const auto count = std::distance(first, last);
  if (count > 1) row.note("doubled", id);
  const auto* dialog = count == 0 ? nullptr : &first->second;
  if (record.ever(status::failed)) {
    row.count("excluded");
    if (dialog != nullptr && !dialog->deleted) row.wrong(id, {"must not be there"});
    return;
  }
  if (!record.ever(status::published)) return row.count("waiting");
  if (record.purge && dialog == nullptr) return row.count("excluded");
  row.count("expected");
  if (dialog == nullptr) return row.note("missing", id);
  row.count("present");
  judge_dialog(record, id, *dialog, row);
}

} // namespace

std::optional<boost::json::object> audit_altinn3(const correspondence::Service& records,
                                                 const dialogporten::Service& dialogs) {
  const auto shown = shown_dialogs(dialogs);
  AuditFigures row;
  bool is_any = false;
  records.for_each([&](const Record& record) {
    if (record.altinn2_id != 0) return;
    is_any = true;
    judge(record, shown, row);
  });
  if (!is_any) return std::nullopt;
  return row.as_json("a3-correspondence");
}

} // namespace altinn_sim
