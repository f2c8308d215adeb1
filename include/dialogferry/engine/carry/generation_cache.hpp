#pragma once

#include <dialogferry/engine/moment.hpp>

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace dialogferry::engine {

/// How long lookups are kept before they are asked for again (M-36).
inline constexpr Moment lookup_age = std::chrono::minutes{5};

/// The same in front of that: shorter, so that what is asked again is answered from there.
inline constexpr Moment lookup_age_of_carriers = std::chrono::minutes{1};

/// A cache that forgets by generations: an entry lives at least `age` after it was put, and at most twice
/// that; never more than two times `capacity` entries. Asking costs one or two look-ups.
template <class Key, class Value>
class GenerationCache {
public:
  GenerationCache(std::size_t capacity, Moment age)
      : capacity_(capacity)
      , age_(age) {}

  const Value* find(const Key& key, Moment now) {
    turn(now);
    if (const auto found = young_.find(key); found != young_.end()) return &found->second;
    if (const auto found = old_.find(key); found != old_.end()) return &found->second;
    return nullptr;
  }

  void put(const Key& key, Value value, Moment now) {
    turn(now);
    young_.insert_or_assign(key, std::move(value));
  }

  std::size_t size() const { return young_.size() + old_.size(); }

private:
  void turn(Moment now) {
    if (young_.size() < capacity_ && now < begun_ + age_) return;
    if (now >= begun_ + 2 * age_) young_.clear();
    std::swap(old_, young_);
    young_.clear(); // keeps its buckets: a new generation does not grow from nothing
    begun_ = now;
  }

  std::size_t capacity_;
  Moment age_;
  Moment begun_{};
  std::unordered_map<Key, Value> young_;
  std::unordered_map<Key, Value> old_;
};

} // namespace dialogferry::engine
