#pragma once

#include "dialogporten/store/claims.hpp"
#include "dialogporten/store/overlaps.hpp"
#include "dialogporten/store/record.hpp"
#include "dialogporten/store/uuid_set.hpp"

#include <array>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace altinn_sim::dialogporten {

/// A unique index that a write would break: the key and text of the 422 (dialogporten.md 4.1).
struct Violation {
  std::string table;
  std::string message;
};

enum class Commit : std::uint8_t { done, lost_race, violation };

/// All dialogs, with every unique index. Readers get snapshots; a write is one step or nothing.
class Store {
public:
  /// The dialog, soft-deleted or not, or null.
  Snapshot find(const Uuid& id) const;

  /// The live dialog of the org with that key, or nothing (the check before the indexes, 4.1).
  std::optional<Uuid> find_key(const std::string& org, const std::string& key) const;

  /// The dialogs with exactly this label; nothing where labels of its kind are not indexed.
  std::optional<std::vector<Snapshot>> find_label(const std::string& label) const;

  std::vector<Snapshot> all() const;
  std::size_t size() const;

  /// Adds a dialog; `violation` says why not.
  Commit insert(const Snapshot& record, const std::vector<Claim>& claims, Violation& violation);

  /// Puts `next` in the place of `before`, if that is still what is stored.
  Commit replace(const Snapshot& before, const Snapshot& next, const std::vector<Claim>& added = {},
                 const std::vector<Claim>& removed = {}, Violation* violation = nullptr);

  /// Removes a dialog with everything below it.
  Commit erase(const Snapshot& before, const std::vector<Claim>& claims);

  /// Counts a request, see Summary::creates and Summary::updates.
  void count_create(const Uuid& id);
  void count_update(const Uuid& id);
  std::pair<std::uint32_t, std::uint32_t> counts(const Uuid& id) const;

  /// What writes are at work on, by the clock of Request::begins_us.
  ActorNames& actor_names() { return actor_names_; }
  DialogsAtWork& at_work() { return at_work_; }

  /// One copy of a text that many dialogs share.
  std::shared_ptr<const std::string> intern(std::string_view text);

private:
  struct Entry {
    Snapshot record;
    std::uint32_t creates = 1;
    std::uint32_t updates = 0;
  };

  bool claim(const std::vector<Claim>& claims, Violation& violation);
  void release(const std::vector<Claim>& claims);
  void index(const Record& record);
  void unindex(const Record& record);

  mutable std::shared_mutex mutex_;
  std::unordered_map<Uuid, Entry, UuidHash> dialogs_;
  std::unordered_map<std::string, Uuid> keys_;        ///< "org key"
  std::unordered_multimap<std::size_t, Uuid> labels_; ///< by hash, see is_indexed()
  std::array<UuidSet, table_names.size()> children_;
  ActorNames actor_names_;
  DialogsAtWork at_work_;

  std::mutex interned_mutex_;
  std::unordered_map<std::string, std::shared_ptr<const std::string>> interned_;
};

} // namespace altinn_sim::dialogporten
