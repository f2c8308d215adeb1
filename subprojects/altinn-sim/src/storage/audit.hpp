#pragma once

#include "exchange.hpp"
#include "world.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

/// What the audit wants to know of a stored dialog; views live as long as the visit.
struct StoredDialog {
  Guid id;
  Ticks created_at = 0;
  Ticks updated_at = 0;
  bool deleted = false; ///< deletedAt is set
  bool silent = false;  ///< it was created silently
  std::string_view party;
  std::string_view service_resource;
  const std::vector<std::string>* labels = nullptr;
  const std::vector<std::pair<std::string, std::string>>* title = nullptr; ///< language, text
  const std::vector<std::pair<std::string, std::string>>* summary = nullptr;
  const std::vector<std::pair<std::string, std::string>>* extended_status = nullptr; ///< of the content
  std::string_view status;                                                           ///< "Completed" …
  std::string_view system_label; ///< "Default", "Bin", "Archive"
  std::size_t activities = 0;
  std::size_t transmissions = 0;
  std::size_t attachments = 0;              ///< of the dialog itself
  std::size_t transmission_attachments = 0; ///< of all its transmissions
};

/// The target as the audit sees it.
class StoredDialogs {
public:
  using Visit = std::function<void(const StoredDialog&)>;

  virtual ~StoredDialogs() = default;
  /// Calls `visit` with the dialog of that id; false, and no call, where there is none.
  virtual bool find(Guid id, const Visit& visit) const = 0;
  /// Calls `visit` with every dialog, soft-deleted ones too.
  virtual void for_each(const Visit& visit) const = 0;
};

class LiveLog;

/// What was asked to be carried: days of lastChanged, both included, and an organisation; absent is all.
struct AuditRange {
  std::optional<Day> from;
  std::optional<Day> to;
  std::string organisation;
  /// The simulator's clock. A dialog that is not visible yet has the times of its visibleFrom
  /// (dialogporten.md 4.4).
  Ticks now = std::numeric_limits<Ticks>::max();
  const LiveLog* live = nullptr; ///< what it holds counts in the row `a3-app-instances-live`, nowhere else
};

/// The figures of one row.
struct AuditRow {
  std::size_t expected = 0;   ///< dialogs there must be
  std::size_t excluded = 0;   ///< records nothing is made of: hard-deleted, opted out
  std::size_t failed = 0;     ///< records that must end as exceptions
  std::size_t unreadable = 0; ///< records that must end as exceptions because Storage cannot read their rows
  std::size_t deferred = 0;   ///< forms whose import is half done: nothing yet
  std::size_t present = 0;    ///< of the expected
  std::size_t missing = 0;
  std::size_t doubled = 0; ///< dialogs beyond the first of an instance or archive reference
  /// Dialogs of rows that a re-import removed. As long as nobody was told that the row is gone (a GET of it
  /// answered 404), they count here alone; then they are doubled.
  std::size_t leftover = 0;
  std::size_t stale = 0; ///< dialogs of an older state of the instance
  std::size_t wrong = 0; ///< differ, or must not be there
  /// The first few, as `{instance}: what is wrong`.
  std::vector<std::string> missing_ids, doubled_ids, stale_ids, wrong_ids;
  std::vector<std::pair<std::string, std::size_t>> wrong_members; ///< member, in how many dialogs
};

/// A row of the audit: which records it is about.
struct AuditSubject {
  std::string_view id;
  MainVersions versions;
  bool imported = false; ///< those that were imported while the simulator ran, or all the others
};

constexpr AuditSubject historic_instances{"a3-app-instances-historic", {}, false};
/// Forms that were there from the start.
constexpr AuditSubject historic_forms{"a2-archived-forms-historic", only_forms, false};
/// Forms that `POST /_sim/forms` imported; what was imported again counts here, the removed row too.
constexpr AuditSubject live_forms{"a2-archived-forms-live", only_forms, true};

/// Compares what a row had to carry with what is stored. Of an archived form `dialog.id` in its data values
/// is compared as well (decisions.md).
AuditRow audit_row(const World& world, const StoredDialogs& stored, const AuditRange& range,
                   const AuditSubject& subject);

/// Compares what `a3-app-instances-historic` had to carry with what is stored.
AuditRow audit_instances(const World& world, const StoredDialogs& stored, const AuditRange& range);

/// `GET /_sim/audit`: `{"rows":[{"id":"a3-app-instances-historic","expected":…}]}`, a row for each subject,
/// and one for what changed live where the range has it.
std::string audit(const World& world, const StoredDialogs& stored, const AuditRange& range);

/// Reads `from`, `to`, `organisation` and the clock; otherwise a text that says what is wrong with them.
std::optional<std::string> read_audit_range(const Request& request, AuditRange& out);

} // namespace altinn_sim::storage
