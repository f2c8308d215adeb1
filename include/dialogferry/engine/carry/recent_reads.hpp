#pragma once

#include <dialogferry/engine/moment.hpp>
#include <dialogferry/model/uuid.hpp>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace dialogferry::engine {

/// When records were last read at the source, as far back as a bounded memory reaches: a list row is out of
/// date where its record was read after the row was asked for.
class RecentReads {
public:
  /// Remembers at least the last `capacity` records, at most twice as many.
  explicit RecentReads(std::size_t capacity)
      : capacity_(capacity) {}

  void note(const Uuid& record, Moment read_at) {
    if (young_.size() >= capacity_) {
      forgotten_ = std::exchange(newest_of_old_, newest_);
      old_ = std::exchange(young_, {});
    }
    young_.insert_or_assign(record, read_at);
    newest_ = std::max(newest_, read_at);
  }

  /// Whether the record was read after `moment`, or may have been: before where the memory begins, everything
  /// may.
  bool may_be_after(const Uuid& record, Moment moment) const {
    if (forgotten_ > moment) return true;
    const auto after = [&](const auto& reads) {
      const auto found = reads.find(record);
      return found != reads.end() && found->second > moment;
    };
    return after(young_) || after(old_);
  }

private:
  std::size_t capacity_;
  Moment newest_{};
  Moment newest_of_old_{};
  Moment forgotten_{}; ///< the newest that is not remembered any more
  std::unordered_map<Uuid, Moment> young_;
  std::unordered_map<Uuid, Moment> old_;
};

} // namespace dialogferry::engine
