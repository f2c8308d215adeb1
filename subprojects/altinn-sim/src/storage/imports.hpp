#pragma once

#include "dice.hpp"
#include "form_apps.hpp"
#include "identity.hpp"
#include "overlay.hpp"
#include "record.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace altinn_sim::storage {

/// What to import.
struct ImportOrder {
  std::string organisation;
  std::int64_t version = 2;            ///< 1 or 2
  bool archived = true;                ///< false: a form that was never completed
  bool complete = true;                ///< false: half done until it is completed
  std::optional<Ticks> complete_after; ///< a half done import completes itself so long after it began
  std::optional<Ticks> last_changed;   ///< absent: when it is imported
};

/// Forms that Altinn 2 imports while the simulator runs (storage.md 3.2, 3.3). A half done import has some of
/// its elements and no events; when it completes, lastChanged often moves back to the time of its last
/// element. A re-import removes the old row and makes a new one for the same archive reference. What is
/// planned happens by itself as soon as anybody looks: call `catch_up` before reading. Safe to use from many
/// threads.
class Imports {
public:
  /// A row that made way for another one of the same archive reference.
  struct Replaced {
    std::string new_id;        ///< "party/guid"
    bool absence_seen = false; ///< somebody was told that the old row is gone
  };

  /// The others outlive it; `first_reference`: of those that are free.
  Imports(std::uint64_t seed, std::int64_t first_reference, const Population& population, FormApps& apps,
          Overlay& overlay);

  /// Ids as "party/guid".
  std::vector<std::string> import(const ImportOrder& order, std::int64_t count, Ticks now);
  /// Imports one form every `step`, `count` in all, the first one now.
  void plan(const ImportOrder& order, std::int64_t count, Ticks step, Ticks now);
  /// Finishes a half done import; false where there is none.
  bool complete(Guid id);
  /// The id of the new row.
  std::string reimport(const Record& old, Ticks last_changed);
  /// Lets happen what was planned up to now.
  void catch_up(Ticks now);

  /// Rows that were imported here and are still there.
  std::vector<Guid> all() const;
  bool holds(Guid id) const;
  bool half_done(Guid id) const;
  bool any() const;

  /// Somebody was told that there is no such row.
  void note_absence(Guid id);
  std::optional<Replaced> replaced(Guid id) const;

private:
  struct Plan {
    ImportOrder order;
    Ticks start;
    Ticks step;
    std::int64_t left;
  };

  std::string import_one(const ImportOrder& order, Ticks now);
  Record make(const ImportOrder& order, Ticks last_changed);
  void finish(Guid id);
  void let_plans_happen(Ticks now);
  void renew_ids(Record& record);

  std::uint64_t seed_;
  const Population& population_;
  FormApps& apps_;
  Overlay& overlay_;
  mutable std::mutex mutex_;
  std::int64_t next_reference_;
  std::uint64_t made_ = 0;
  std::unordered_set<Guid> rows_;
  std::unordered_map<Guid, Record> half_done_; // as they will be
  std::multimap<Ticks, Guid> due_;
  std::vector<Plan> plans_;
  std::unordered_map<Guid, Replaced> replaced_;
};

} // namespace altinn_sim::storage
