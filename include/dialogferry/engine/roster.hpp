#pragma once

#include <dialogferry/engine/caf.hpp>
#include <dialogferry/model/problem.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// Who is at work in an engine. Every actor stands in it from its spawning to its end, so that none ends
/// unnoticed: CAF never answers a request whose receiver has failed (observed with 0.17.6), and who waits for
/// such an answer would wait for ever. All members may be called from any thread.
class Roster {
public:
  /// Who deals with the end of an actor.
  enum class Role : std::uint8_t {
    essential,  ///< nobody: the engine cannot go on without it
    supervised, ///< its supervisor, which starts it again
  };

  /// `failed` is told of each essential actor that ended, by the thread that ended it.
  explicit Roster(std::function<void(Problem)> failed);

  template <class Handle>
  void add(std::string kind, const Handle& actor, Role role = Role::essential) {
    watch(std::move(kind), caf::actor_cast<caf::strong_actor_ptr>(actor), role);
  }

  /// From now on actors may end: the engine ends.
  void close();

  /// Lets one actor of this kind fail as by a defect (Defect). False where none is at work.
  bool fail(std::string_view kind);

  /// Waits until every actor has ended, and the memory of those with a thread of their own is free. The kinds
  /// of those that have not after `time`.
  std::vector<std::string> wait_until_gone(std::chrono::milliseconds time);

private:
  struct State;

  void watch(std::string kind, caf::strong_actor_ptr actor, Role role);

  std::shared_ptr<State> state_;
};

} // namespace dialogferry::engine
