#pragma once

#include <dialogferry/engine/messages.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <utility>

namespace dialogferry::engine {

/// What waits for its turn: by priority, and first come, first served.
template <class T>
class ByPriority {
public:
  void push_back(Priority priority, T one) { queue(priority).push_back(std::move(one)); }
  void push_front(Priority priority, T one) { queue(priority).push_front(std::move(one)); }

  /// The next one of `from` and below; there must be one.
  T pop(Priority from = Priority::live) {
    auto& queue = *std::find_if(begin(from), queues_.end(), [](const auto& each) { return !each.empty(); });
    auto one = std::move(queue.front());
    queue.pop_front();
    return one;
  }

  /// How many wait with this very priority.
  std::size_t size(Priority priority) const { return queues_[static_cast<std::size_t>(priority)].size(); }
  std::size_t size() const {
    std::size_t sum = 0;
    for (const auto& queue : queues_)
      sum += queue.size();
    return sum;
  }
  bool empty() const { return size() == 0; }
  void clear() { queues_ = {}; }

private:
  using Queues = std::array<std::deque<T>, 4>;

  std::deque<T>& queue(Priority priority) { return queues_[static_cast<std::size_t>(priority)]; }
  auto begin(Priority from) { return queues_.begin() + static_cast<std::ptrdiff_t>(from); }

  Queues queues_;
};

} // namespace dialogferry::engine
