#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// What is under way, by numbers of our own making: a place and how often it was used, so that a late answer
/// never meets another question. References stay good until theirs is taken out. Places are used again, so
/// nothing is allocated while no more is under way than ever before.
template <class T>
class Slots {
public:
  /// Its number, never 0.
  std::uint64_t put(T one) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const auto at = free_.back();
    free_.pop_back();
    auto& slot = slots_[at];
    ++slot.turn;
    slot.one.emplace(std::move(one));
    return slot.number(at);
  }

  /// Null where it was taken out.
  T* find(std::uint64_t number) {
    const auto at = static_cast<std::uint32_t>(number);
    if (at >= slots_.size() || !slots_[at].one || slots_[at].number(at) != number) return nullptr;
    return &*slots_[at].one;
  }

  /// One that must be there.
  T& at(std::uint64_t number) {
    auto* found = find(number);
    if (found == nullptr) throw std::out_of_range("nothing is under way by this number");
    return *found;
  }

  /// Takes it out; nothing where it was already.
  std::optional<T> take(std::uint64_t number) {
    if (find(number) == nullptr) return std::nullopt;
    const auto at = static_cast<std::uint32_t>(number);
    free_.push_back(at);
    return std::exchange(slots_[at].one, std::nullopt);
  }

  /// `each(number, one)` of all, in the order of their places; nothing may be put or taken meanwhile.
  template <class Each>
  void for_each(Each each) {
    for (std::uint32_t at = 0; at < slots_.size(); ++at)
      if (auto& slot = slots_[at]; slot.one) each(slot.number(at), *slot.one);
  }

  void clear() { *this = {}; }

private:
  struct Slot {
    std::uint32_t turn = 0;
    std::optional<T> one;

    std::uint64_t number(std::uint32_t at) const { return std::uint64_t{turn} << 32 | at; }
  };

  std::deque<Slot> slots_;
  std::vector<std::uint32_t> free_; ///< places
};

} // namespace dialogferry::engine
