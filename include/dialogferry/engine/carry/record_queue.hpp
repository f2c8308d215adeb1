#pragma once

#include <dialogferry/engine/by_priority.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/limit/resting.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// How many records may be under way at once.
struct RecordPlaces {
  std::size_t window = 256;                    ///< more wait as rows of their pages
  std::shared_ptr<const RestingCalls> resting; ///< records that rest take no place; may be null
  std::size_t sharers = 1;                     ///< of the resting calls: so many have a window like this one

  std::size_t count() const { return window + (resting ? *resting / sharers : 0); }
};

/// Records that have been read and wait to be begun: by priority, as many as there are places; those of a
/// paused row stay. `Work` has `priority`, and `controls`, which may be null.
template <class Work>
class RecordQueue {
public:
  using WorkPtr = std::shared_ptr<Work>;

  explicit RecordQueue(RecordPlaces places)
      : places_(std::move(places)) {}

  void push(WorkPtr work) {
    const auto priority = work->priority;
    waiting_.push_back(priority, std::move(work));
  }

  /// The next one to begin, which is under way from now on; null where there is none, or no place.
  WorkPtr next() {
    while (under_way_ < places_.count() && !waiting_.empty()) {
      auto work = waiting_.pop();
      if (work->controls && work->controls->holds()) {
        held_.push_back(std::move(work));
        continue;
      }
      ++under_way_;
      return work;
    }
    return nullptr;
  }

  /// One that was begun is done.
  void done() { --under_way_; }

  void set_window(std::size_t window) { places_.window = window; }

  /// A row may have gone on.
  void look_again() {
    for (auto& work : std::exchange(held_, {}))
      push(std::move(work));
  }

  void clear() {
    waiting_.clear();
    held_.clear();
  }

private:
  RecordPlaces places_;
  ByPriority<WorkPtr> waiting_;
  std::vector<WorkPtr> held_; ///< of paused rows, in their order
  std::size_t under_way_ = 0;
};

} // namespace dialogferry::engine
