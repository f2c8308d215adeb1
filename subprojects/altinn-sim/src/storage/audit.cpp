#include "audit.hpp"

#include "json_text.hpp"
#include "live_log.hpp"
#include "scan.hpp"
#include "truth.hpp"

#include <algorithm>
#include <deque>

namespace altinn_sim::storage {

namespace {

constexpr std::size_t few = 5;
constexpr std::string_view label_prefix = "urn:altinn:integration:storage:";

Window window_of(const AuditRange& range, std::string org, MainVersions versions) {
  Window out;
  out.org = std::move(org);
  out.versions = versions;
  if (range.from) out.from = *range.from * whole_day;
  if (range.to) out.to = (*range.to + 1) * whole_day;
  return out;
}

bool same_time(Ticks a, Ticks b) {
  return floor_to(a, microsecond) == floor_to(b, microsecond);
}

bool same_title(const Truth& truth, const StoredDialog& dialog) {
  if (dialog.title == nullptr || dialog.title->size() != truth.title.size()) return false;
  return std::is_permutation(truth.title.begin(), truth.title.end(), dialog.title->begin());
}

bool same_labels(const Truth& truth, const StoredDialog& dialog) {
  return dialog.labels != nullptr && dialog.labels->size() == 1 && dialog.labels->front() == truth.label;
}

/// Names of the members in which a stored dialog differs from what it must be.
std::vector<std::string_view> differences(const Truth& truth, const StoredDialog& dialog) {
  std::vector<std::string_view> out;
  const auto check = [&](bool same, std::string_view member) {
    if (!same) out.push_back(member);
  };
  check(same_time(dialog.created_at, truth.created_at), "createdAt");
  check(same_time(dialog.updated_at, truth.updated_at), "updatedAt");
  check(dialog.party == truth.party, "party");
  check(dialog.service_resource == truth.service_resource, "serviceResource");
  check(same_labels(truth, dialog), "labels");
  check(same_title(truth, dialog), "title");
  check(dialog.status == truth.status, "status");
  check(dialog.system_label == truth.system_label, "systemLabel");
  check(dialog.silent, "silent");
  check(dialog.activities == truth.activities, "activities");
  check(dialog.transmissions == truth.transmissions, "transmissions");
  check(dialog.attachments == truth.attachments, "attachments");
  check(dialog.transmission_attachments == truth.transmission_attachments, "transmissionAttachments");
  check(dialog.deleted == truth.deleted, "deletedAt");
  return out;
}

/// `dialog.id` was written back (M-6).
bool names_dialog(const Record& record, Guid dialog) {
  const auto* value = record.data_value("dialog.id");
  return value != nullptr && parse_guid(*value) == dialog;
}

/// The instance a dialog says it stands for.
std::optional<Guid> instance_of(const StoredDialog& dialog) {
  if (dialog.labels == nullptr) return {};
  for (const auto& label : *dialog.labels) {
    const auto slash = label.rfind('/');
    if (label.starts_with(label_prefix) && slash != std::string::npos) {
      return parse_guid(std::string_view(label).substr(slash + 1));
    }
  }
  return {};
}

class Audit {
public:
  Audit(const World& world, const StoredDialogs& stored, const AuditRange& range, const AuditSubject& subject)
      : world_(world)
      , stored_(stored)
      , range_(range)
      , subject_(subject) {}

  /// Looks at every record that there is.
  void records() {
    if (subject_.imported) return imported_records();
    for (const auto& org : world_.organisations()) {
      if (range_.organisation.empty() || range_.organisation == org) records_of(org);
    }
  }

  /// A dialog that is stored: counts where it is not the one its instance must have.
  void extra(const StoredDialog& dialog) {
    const auto guid = instance_of(dialog);
    if (!guid || is_live(*guid)) return; // not of this row
    if (const auto replaced = world_.imports().replaced(*guid)) return left_over(*replaced, dialog);
    if (world_.derived_dialog_id(*guid) == dialog.id) return; // compared already
    Record record;
    if (!world_.find(*guid, record)) return of_no_row(*guid);
    if (dialog_id_of(record) == dialog.id || !belongs(record) || !within(record)) return;
    ++row_.doubled;
    note(row_.doubled_ids, record.id(), "dialog " + guid_text(dialog.id));
  }

  const AuditRow& row() const { return row_; }
  std::string_view id() const { return subject_.id; }

private:
  void imported_records() {
    Record record;
    for (const auto& guid : world_.imports().all()) {
      if (world_.find(guid, record) && within(record)) compare(record);
    }
  }

  void records_of(const std::string& org) {
    Scan scan(world_, window_of(range_, org, subject_.versions));
    std::vector<Row> group;
    Record record;
    while (scan.next(group)) {
      for (const auto& row : group) {
        world_.read(row, record);
        if (belongs(record)) compare(record);
      }
    }
  }

  static void note(std::vector<std::string>& list, const std::string& id, std::string_view what) {
    if (list.size() < few) list.push_back(what.empty() ? id : id + ": " + std::string(what));
  }

  bool belongs(const Record& record) const {
    return subject_.versions.has(record.main_version) &&
           world_.imports().holds(record.guid) == subject_.imported && !is_live(record.guid);
  }

  bool is_live(Guid instance) const { return range_.live != nullptr && range_.live->holds(instance); }

  std::size_t& figure_of(Verdict verdict) {
    if (verdict == Verdict::excluded) return row_.excluded;
    if (verdict == Verdict::unreadable) return row_.unreadable;
    return verdict == Verdict::deferred ? row_.deferred : row_.failed;
  }

  void compare(const Record& record) {
    auto truth = truth_of(world_, record);
    if (truth.visible_from > range_.now) truth.created_at = truth.updated_at = truth.visible_from;
    const auto found = [&](const StoredDialogs::Visit& visit) { return stored_.find(truth.id, visit); };
    if (truth.verdict != Verdict::carried) {
      ++figure_of(truth.verdict);
      if (record.is_form() && !record.archived && record.data_value("dialog.id") != nullptr)
        wrong(record.id(), {"dialog.id of a form that was never completed"});
      // What was carried while it could be read may stay.
      if (truth.verdict == Verdict::unreadable) return;
      found([&](const StoredDialog&) {
        wrong(record.id(), {"must not be there: " + std::string(truth.reason)});
      });
      return;
    }
    ++row_.expected;
    const bool there = found([&](const StoredDialog& dialog) { judge(record, truth, dialog); });
    ++(there ? row_.present : row_.missing);
    if (!there) note(row_.missing_ids, record.id(), {});
  }

  void judge(const Record& record, const Truth& truth, const StoredDialog& dialog) {
    auto members = differences(truth, dialog);
    if (record.is_form() && !names_dialog(record, truth.id)) members.emplace_back("dialog.id");
    if (members.empty()) return;
    if (floor_to(dialog.updated_at, microsecond) < floor_to(truth.updated_at, microsecond)) {
      ++row_.stale;
      note(row_.stale_ids, record.id(), "updatedAt is " + time_text(dialog.updated_at));
      return;
    }
    wrong(record.id(), {members.begin(), members.end()});
  }

  void wrong(const std::string& id, const std::vector<std::string>& members) {
    ++row_.wrong;
    std::string all;
    for (const auto& member : members) {
      all += (all.empty() ? "" : ", ") + member;
      const auto found = std::find_if(row_.wrong_members.begin(), row_.wrong_members.end(),
                                      [&](const auto& one) { return one.first == member; });
      if (found == row_.wrong_members.end()) {
        row_.wrong_members.emplace_back(member, 1);
      } else {
        ++found->second;
      }
    }
    note(row_.wrong_ids, id, all);
  }

  void of_no_row(Guid guid) {
    if (subject_.id == historic_instances.id && everything()) wrong(guid_text(guid), {"no such instance"});
  }

  void left_over(const Imports::Replaced& replaced, const StoredDialog& dialog) {
    if (!subject_.imported) return;
    ++(replaced.absence_seen ? row_.doubled : row_.leftover);
    if (replaced.absence_seen)
      note(row_.doubled_ids, replaced.new_id, "dialog " + guid_text(dialog.id) + " of the row before");
  }

  bool everything() const { return !range_.from && !range_.to && range_.organisation.empty(); }

  bool within(const Record& record) const {
    const auto day = day_of(record.last_changed);
    return (!range_.from || day >= *range_.from) && (!range_.to || day <= *range_.to) &&
           (range_.organisation.empty() || record.org == range_.organisation);
  }

  const World& world_;
  const StoredDialogs& stored_;
  const AuditRange& range_;
  AuditSubject subject_;
  AuditRow row_;
};

void append_ids(std::string& out, const std::vector<std::string>& ids) {
  JsonElements list(out);
  for (const auto& id : ids)
    append_quoted(list.next(), id);
}

void append_row(std::string& out, std::string_view id, const AuditRow& row) {
  JsonMembers json(out);
  const auto number = [&](std::string_view name, std::size_t value) {
    json.number(name, static_cast<std::int64_t>(value));
  };
  json.text("id", id);
  number("expected", row.expected);
  number("excluded", row.excluded);
  number("failed", row.failed);
  number("unreadable", row.unreadable);
  number("deferred", row.deferred);
  number("present", row.present);
  number("missing", row.missing);
  number("doubled", row.doubled);
  number("leftover", row.leftover);
  number("stale", row.stale);
  number("wrong", row.wrong);
  append_ids(json.value("missing_ids"), row.missing_ids);
  append_ids(json.value("doubled_ids"), row.doubled_ids);
  append_ids(json.value("stale_ids"), row.stale_ids);
  append_ids(json.value("wrong_ids"), row.wrong_ids);
  JsonMembers members(json.value("wrong_members"));
  for (const auto& [member, count] : row.wrong_members)
    members.number(member, static_cast<std::int64_t>(count));
}

} // namespace

AuditRow audit_row(const World& world, const StoredDialogs& stored, const AuditRange& range,
                   const AuditSubject& subject) {
  Audit one(world, stored, range, subject);
  one.records();
  stored.for_each([&](const StoredDialog& dialog) { one.extra(dialog); });
  return one.row();
}

AuditRow audit_instances(const World& world, const StoredDialogs& stored, const AuditRange& range) {
  return audit_row(world, stored, range, historic_instances);
}

std::string audit(const World& world, const StoredDialogs& stored, const AuditRange& range) {
  std::deque<Audit> audits;
  for (const auto& subject : {historic_instances, historic_forms, live_forms})
    audits.emplace_back(world, stored, range, subject).records();
  stored.for_each([&](const StoredDialog& dialog) {
    for (auto& one : audits)
      one.extra(dialog);
  });
  std::string out;
  {
    JsonMembers json(out);
    JsonElements rows(json.value("rows"));
    for (const auto& one : audits)
      append_row(rows.next(), one.id(), one.row());
    if (range.live != nullptr) append_row(rows.next(), "a3-app-instances-live", range.live->audit(range));
  }
  return out;
}

std::optional<std::string> read_audit_range(const Request& request, AuditRange& out) {
  out.now = request.now;
  for (const auto& [name, value] : request.parameters) {
    if (name == "organisation") {
      out.organisation = value;
    } else if (name == "from" || name == "to") {
      const auto day = parse_day(value);
      if (!day)
        return std::string(name).append(": a day such as 2025-03-01, not '").append(value).append("'");
      (name == "from" ? out.from : out.to) = day;
    }
  }
  return {};
}

} // namespace altinn_sim::storage
