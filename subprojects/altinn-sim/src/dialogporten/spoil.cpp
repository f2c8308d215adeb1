#include "dialogporten/api/prepare.hpp"
#include "dialogporten/service.hpp"

namespace altinn_sim::dialogporten {

namespace {

constexpr Ticks hour = 3600 * ticks_per_second;
constexpr Ticks day = 24 * hour;

/// The same dialog with another id, and without what has ids of its own.
std::shared_ptr<Record> double_of(const Record& record, UuidSource& ids) {
  Document document{Form::stored, *record.text};
  auto& dialog = document.dialog;
  dialog.attachments.clear();
  dialog.transmissions.clear();
  dialog.gui_actions.clear();
  dialog.api_actions.clear();
  dialog.activities.clear();
  auto next = std::make_shared<Record>(record);
  next->id = ids.version_7(record.created_at.ticks);
  next->idempotent_key.clear();
  write_down(*next, dialog);
  return next;
}

/// Without its last activity, and older.
std::shared_ptr<Record> older(const Record& record, std::vector<Claim>& removed) {
  Document document{Form::stored, *record.text};
  auto& activities = document.dialog.activities;
  auto next = std::make_shared<Record>(record);
  if (!activities.empty()) {
    removed.push_back({Table::activity, *activities.back().id});
    activities.pop_back();
  }
  write_down(*next, document.dialog);
  next->updated_at = Time{record.updated_at.ticks - hour};
  return next;
}

std::shared_ptr<Record> at_another_time(const Record& record) {
  auto next = std::make_shared<Record>(record);
  if (record.id.bytes.back() % 2 == 0)
    next->created_at = Time{record.created_at.ticks - day};
  else
    next->updated_at = Time{record.updated_at.ticks + hour};
  return next;
}

std::shared_ptr<Record> of_another(const Record& record, const std::string& party) {
  Document document{Form::stored, *record.text};
  auto next = std::make_shared<Record>(record);
  document.dialog.party = party;
  next->party = party;
  write_down(*next, document.dialog);
  return next;
}

} // namespace

bool Service::spoil(const Uuid& id, Flaw flaw, const std::string& party) {
  const auto record = store_->find(id);
  if (!record) return false;
  if (flaw == Flaw::missing) {
    const Document document{Form::stored, *record->text};
    return store_->erase(record, claims_of(document.dialog)) == Commit::done;
  }
  if (flaw == Flaw::doubled) {
    Violation violation;
    return store_->insert(double_of(*record, ids_), {}, violation) == Commit::done;
  }
  std::vector<Claim> removed;
  std::shared_ptr<Record> next;
  if (flaw == Flaw::stale) next = older(*record, removed);
  if (flaw == Flaw::wrong_date) next = at_another_time(*record);
  if (flaw == Flaw::wrong_party) next = of_another(*record, party);
  next->revision = ids_.version_4();
  return store_->replace(record, next, {}, removed) == Commit::done;
}

} // namespace altinn_sim::dialogporten
