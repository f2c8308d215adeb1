#pragma once

#include "archive/message.hpp"
#include "storage/day_axis.hpp"
#include "storage/world.hpp"

#include <array>
#include <limits>

namespace altinn_sim::archive {

/// How much is in the archive.
struct Shape {
  std::uint64_t seed = 42;
  Day first_day = 0;
  Day last_day = 0;          ///< included
  std::int64_t per_day = 0;  ///< messages created on each day
  double attachments = 0.05; ///< share of messages that have any
  double unfit = 0.005;      ///< share of messages that must end as exceptions
  /// When the simulated platform began to run: what would have happened later is not there.
  Ticks born = std::numeric_limits<Ticks>::max();
};

/// A message's times, and what it is ordered by where they are equal.
struct Entry {
  Ticks time = 0;
  std::int64_t id = 0;
  friend bool operator<(const Entry& a, const Entry& b) {
    return std::pair(a.time, a.id) < std::pair(b.time, b.id);
  }
};

/// A generated archive: each message is worked out from its id alone, nothing is remembered, whatever the
/// length of its history. Ids ascend with the time of creation. Safe to use from many threads.
class Generator {
public:
  /// How long after its creation a message can have changed last. A message's delay is one of these exactly,
  /// so that those of one delay change in the order in which they were created.
  static constexpr std::size_t delays = 12;
  static Ticks delay(std::size_t which);

  /// `world` outlives it. Throws std::invalid_argument saying which option cannot be.
  Generator(const storage::World& world, const Shape& shape);

  const Shape& shape() const { return shape_; }
  static constexpr std::int64_t first_id = 1'000'001;
  /// Behind the last one.
  std::int64_t end_id() const { return first_id + count_; }
  bool holds(std::int64_t id) const { return id >= first_id && id < end_id() && created(id) < shape_.born; }

  Ticks created(std::int64_t id) const;
  /// Which delay a message created then has.
  std::size_t delay_of(std::int64_t id, Ticks created) const;
  /// The first message created at that time or later; end_id() where there is none.
  std::int64_t first_created_at(Ticks time) const;

  /// The whole message; `id` must be held.
  Message message(std::int64_t id) const;

  /// A message that comes now: published at once, or not yet.
  struct Fresh {
    std::int64_t id = 0;
    Ticks created = 0;
    bool published = true;
    double attachments = 0;
    double unfit = 0;
  };
  Message fresh(const Fresh& wanted) const;

private:
  storage::DayAxis axis(std::int64_t day) const;

  const storage::World& world_;
  Shape shape_;
  std::int64_t count_ = 0;
};

} // namespace altinn_sim::archive
