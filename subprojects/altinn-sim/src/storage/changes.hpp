#pragma once

#include "overlay.hpp"
#include "record.hpp"
#include "world.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace altinn_sim::storage {

/// What can happen to a stored instance (storage.md 2.9).
enum class ChangeKind : std::uint8_t {
  create,
  save,       ///< a data element gets new content
  submit,     ///< the process ends
  receipt,    ///< a `ref-data-as-pdf` is uploaded
  confirm,    ///< the owner confirms
  substatus,  ///< the owner sets one
  task,       ///< the process moves to another task
  remove,     ///< soft delete
  bring_back, ///< undelete
  erase,      ///< hard delete
  vanish,     ///< physical clean-up: the row is gone
  unrelated,  ///< the read status turns: neither lastChanged nor an event
  texts,      ///< `PUT presentationtexts`: neither lastChanged nor an event (observed.md OS-2)
  values,     ///< `PUT datavalues`: the same
  read,       ///< `PUT readstatus`: the same
};

constexpr std::size_t change_kinds = 15;

/// "create", "save", "submit", "receipt", "confirm", "substatus", "task", "delete", "undelete",
/// "hard_delete", "vanish", "unrelated", "texts", "values", "read".
std::string_view name_of(ChangeKind kind);
std::optional<ChangeKind> change_named(std::string_view name);

struct Change {
  ChangeKind kind = ChangeKind::save;
  Guid instance;            ///< not of a creation
  std::string organisation; ///< of a creation
  std::string application;  ///< of a creation, "org/app"; empty: one of the organisation's
  Ticks now = 0;
  std::optional<Ticks> last_changed; ///< what the application server says instead of now
  bool with_receipt = true;          ///< of a submission: its receipt is there at once
  std::string task;                  ///< to move to; empty: the next one
  std::string label;                 ///< of a substatus
  std::string description;           ///< of a substatus
  bool by_owner = false;             ///< deletions: the service owner does it, not the user
  Ticks event_after = 0; ///< the instance's events are stored so long after its row (observed.md OS-1)
  /// Of `texts` and `values`: what is put; absent: something new. Of a creation: what it begins with.
  std::optional<DataValues> texts, values;
  std::optional<Ticks> set_back_to; ///< the time lists sort the row by from now on (storage.md 2.8)
  std::optional<bool> unreadable;   ///< the row cannot be read from now on, or can again (observed.md OS-4)
};

/// What a change left behind, and what its CloudEvent says.
struct Changed {
  Guid instance;
  std::int64_t party = 0;
  std::string org;
  std::string app_id;
  std::string owner_subject; ///< "/person/{number}" or "/organisation/{number}"; empty for the others
  Guid dialog;
  Ticks last_changed = 0;
  std::string event_type;
  /// Counts up with the changes that make a difference in the dialog; 0 for one that makes none.
  std::uint64_t sequence = 0;

  std::string id() const { return std::to_string(party) + "/" + guid_text(instance); }
};

/// Lets things happen to the stored instances, one at a time. Safe to call from several threads.
class Changes {
public:
  /// Told of every change: the record before (null for a new one) and after (null for one that is gone), and
  /// when it was made, which may be a while before it is told of. The answer is Changed::sequence.
  using Observer = std::function<std::uint64_t(const Record* before, const Record* after, Ticks made)>;

  explicit Changes(World& world)
      : world_(world) {}

  /// Before the first change.
  void observe(Observer observer) { observer_ = std::move(observer); }

  /// Makes the change; a text that says why it cannot be.
  std::variant<Changed, std::string> apply(const Change& change);

  /// `PUT datavalues` with its lost updates: the whole map is read, then written with the new values, and the
  /// indexed lastChanged with it (storage.md 2.8). False where there is no such instance.
  bool write_data_values(Guid instance, const DataValues& values);

  /// Lets `edit` write into the stored row, unseen: neither an event nor the observer tells of it. False
  /// where there is no such instance.
  bool rewrite(Guid instance, const std::function<void(Record&)>& edit);

  /// Runs between the reading and the writing of the next `write_data_values` of that instance.
  void during_next_write(Guid instance, std::function<void()> action);

private:
  std::variant<Changed, std::string> create(const Change& change);
  std::variant<Changed, std::string> finish(const Change& change, const Record* before, Record* after);
  void store(const Change& change, Record& after);
  std::uint64_t tell(const Change& change, const Record* before, Record* after);
  std::vector<std::function<void()>> take_between(Guid instance);

  World& world_;
  Observer observer_;
  std::mutex mutex_;
  std::uint64_t made_ = 0;
  std::mutex between_mutex_;
  std::unordered_map<Guid, std::vector<std::function<void()>>> between_;
};

} // namespace altinn_sim::storage
