#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/by_priority.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/limit/resting.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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
/// paused row stay. Until then they are what was handed over, and nothing more. `Hand` is a Carry.
template <class Hand>
class RecordQueue {
public:
  using HandPtr = std::shared_ptr<Hand>;

  /// One whose turn has come.
  struct Next {
    HandPtr hand;
    RecordJob job;
  };

  explicit RecordQueue(RecordPlaces places)
      : places_(std::move(places)) {}

  /// All that were handed over together, in their order.
  void push(const HandPtr& hand) {
    for (std::uint32_t at = 0; at < hand->jobs.size(); ++at)
      waiting_.push_back(hand->priority, {hand, at});
  }

  /// The next one to begin, which is under way from now on; nothing where there is none, or no place.
  std::optional<Next> next() {
    while (under_way_ < places_.count() && !waiting_.empty()) {
      auto [hand, at] = waiting_.pop();
      if (hand->controls && hand->controls->holds()) {
        held_.emplace_back(std::move(hand), at);
        continue;
      }
      ++under_way_;
      auto& job = hand->jobs[at];
      return Next{std::move(hand), std::move(job)};
    }
    return std::nullopt;
  }

  /// One that was begun is done.
  void done() { --under_way_; }

  void set_window(std::size_t window) { places_.window = window; }

  /// A row may have gone on.
  void look_again() {
    for (auto& place : std::exchange(held_, {})) {
      const auto priority = place.first->priority;
      waiting_.push_back(priority, std::move(place));
    }
  }

  void clear() {
    waiting_.clear();
    held_.clear();
  }

private:
  using Place = std::pair<HandPtr, std::uint32_t>;

  RecordPlaces places_;
  ByPriority<Place> waiting_;
  std::vector<Place> held_; ///< of paused rows, in their order
  std::size_t under_way_ = 0;
};

} // namespace dialogferry::engine
