#pragma once

#include "place.hpp"
#include "record.hpp"

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

/// A row as a list sees it before it is read: its place in the order, and where its record is to be had.
struct Row {
  Ticks time = 0; ///< the indexed column: lastChanged in whole microseconds
  std::int64_t row_id = 0;
  std::optional<Place> place;         ///< generated
  std::shared_ptr<const Record> held; ///< kept in the overlay

  /// In the order of a list that ascends.
  bool before(const Row& other) const {
    return std::pair(time, row_id) < std::pair(other.time, other.row_id);
  }
};

using DataValues = TextMap;

/// What is not as the seed has it: records from elsewhere, records that changed, records that are gone. A
/// record here hides the generated one with its id. Safe for many readers and writers at once.
class Overlay {
public:
  /// The newest state of a record, new or changed.
  void put(Record record);
  /// The row is physically gone (storage.md 2.9).
  void remove(Guid id);
  /// Merged key by key into whatever the record holds, now and later; the time that lists sort by becomes
  /// `last_changed`, as the writer has read it (storage.md 2.8).
  void write_data_values(Guid id, const DataValues& values, Ticks last_changed);

  /// True where the generated record of that id no longer counts.
  bool hides(Guid id) const;
  std::shared_ptr<const Record> find(Guid id) const;
  void apply_data_values(Record& record) const;
  /// Rows of one organisation with from <= time < to, in order.
  std::vector<Row> rows(const std::string& org, Ticks from, Ticks to) const;
  std::vector<std::string> organisations() const;
  std::size_t size() const;

private:
  using Key = std::pair<Ticks, std::int64_t>;

  static Key key(const Record& record);
  void take_out(Guid id);

  mutable std::shared_mutex mutex_;
  std::unordered_map<Guid, std::shared_ptr<const Record>> records_; // null: gone
  std::map<std::string, std::map<Key, std::shared_ptr<const Record>>, std::less<>> by_time_;
  std::unordered_map<Guid, DataValues> values_;
};

} // namespace altinn_sim::storage
