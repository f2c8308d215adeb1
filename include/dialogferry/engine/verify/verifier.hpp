#pragma once

#include <dialogferry/engine/verify/actors.hpp>
#include <dialogferry/engine/verify/day_window.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine::verify {

/// How a row is compared.
struct VerifierSetup {
  std::string row;
  gate_actor dialogporten; ///< asked once whose dialogs the token may search
  Priority priority = Priority::history;
  bool may_search = true; ///< false for rows whose dialogs have times of their own: each is looked up
  bool repair = false;
  std::optional<std::uint64_t> sample;   ///< where dialogs are looked up, only so many of a day
  std::size_t windows = 8;               ///< side by side
  std::size_t parts = 32;                ///< that a day of more than a page is read in
  std::size_t looks = 64;                ///< single records under way
  std::vector<examiner_actor> examiners; ///< at least one
  std::function<window_actor(Window, verifier_actor)> spawn_window;
  std::function<Instant()> now;
};

/// Compares the days of one row, one at a time. An organisation is searched where the token is its own
/// (dialogporten.md 2.2: a search shows the caller's dialogs alone), else each dialog that should be there is
/// looked up by its id, or a sample of them. What seems to differ is looked at by itself.
class Verifier : public actor_base<verifier_actor> {
public:
  Verifier(caf::actor_config& config, VerifierSetup setup);
  const char* name() const override { return "verifier"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// A window's suspects that wait for room.
  struct Waiting {
    std::vector<Suspect> list;
    caf::typed_response_promise<Taken> promise;
  };
  /// The day under way.
  struct Work {
    std::uint64_t number = 0;
    VerifyDay question;
    DayVerified answer;
    caf::typed_response_promise<DayVerified> promise;
    std::deque<Window> windows;           ///< to be begun
    std::vector<caf::actor_addr> reading; ///< windows that have begun, and not ended
    std::deque<Suspect> suspects;         ///< to be looked at
    std::deque<Waiting> waiting;          ///< for room among these
    std::size_t looking = 0;              ///< under way
    std::vector<Suspect> sample;          ///< a heap: the least of all looked at last
    bool is_sampled = false;              ///< the sample has been handed over
  };

  bool is_reading(const caf::strong_actor_ptr& window) const;
  void begin();
  void ask_whose();
  void plan();
  void go_on();
  void begin_windows();
  void take_waiting();
  void take(std::vector<Suspect> suspects);
  void keep_in_sample(const Suspect& suspect);
  void look(const Suspect& suspect);
  void on_looked(std::uint64_t day, const Suspect& suspect, Examined& examined);
  void on_window(WindowEnded& ended);
  void on_down(const caf::down_msg& down);
  void fail(const Problem& problem);
  static void let_go(Work& work);
  void finish();

  VerifierSetup setup_;
  std::string own_; ///< the organisation whose dialogs the token finds; empty: not known yet, or nobody's
  std::optional<Work> work_;
  std::uint64_t days_ = 0; ///< so far
  std::size_t turn_ = 0;
};

} // namespace dialogferry::engine::verify
