#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/by_priority.hpp>
#include <dialogferry/engine/limit/outage.hpp>
#include <dialogferry/engine/limit/rate_controller.hpp>
#include <dialogferry/engine/limit/rate_exchange.hpp>
#include <dialogferry/engine/limit/request_metrics.hpp>
#include <dialogferry/engine/limit/resting.hpp>
#include <dialogferry/engine/limit/trouble.hpp>
#include <dialogferry/engine/lists.hpp>
#include <dialogferry/http/trace.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace dialogferry::engine {

/// What the page and the progress display are told of one API.
struct GateView {
  RateView rate;
  bool down = false;    ///< an outage: everybody waits for a probe to be answered
  bool suspect = false; ///< a probe is on its way
  bool paused = false;  ///< an operator wants it left alone
  Moment since{};       ///< when the outage began
  Moment probe_at{};    ///< down: when it is asked again
  std::size_t waiting_live = 0;
  std::size_t waiting_history = 0;
  std::uint64_t attempts = 0;  ///< requests sent since the start
  std::uint64_t answers = 0;   ///< calls answered for good
  std::uint64_t throttled = 0; ///< answers 429 and 503
  std::uint64_t failures = 0;  ///< transport errors, timeouts, other 5xx
};

/// A value that one thread writes and others read now and then.
template <class T>
class Shared {
public:
  void set(T value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }
  T get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  T value_{};
};

/// How long a call is tried, and how long it waits between attempts.
struct PatienceRules {
  std::uint32_t page_attempts = 4;
  std::chrono::milliseconds record_for{75'000}; ///< since its first refusal; then it is the caller's business
  std::chrono::milliseconds first{200};
  std::chrono::milliseconds last{10'000};
};

/// An attempt that has ended.
struct Attempted {
  std::uint64_t call = 0;
  Moment sent{};
  Moment received{};
  std::shared_ptr<http::Answer> answer;
};

/// Where the client's threads leave what they have for an actor. Only the first letter rings: many answers
/// cost the actor one message.
template <class Letter>
class LetterBox {
public:
  /// True when the box was empty: the owner must be told.
  bool put(Letter letter) {
    const std::lock_guard lock(mutex_);
    letters_.push_back(std::move(letter));
    return letters_.size() == 1;
  }
  /// Takes everything; `letters` lends its memory.
  void take(std::vector<Letter>& letters) {
    letters.clear();
    const std::lock_guard lock(mutex_);
    letters_.swap(letters);
  }

private:
  std::mutex mutex_;
  std::vector<Letter> letters_;
};

/// How long an answer is awaited once the request is on its way (observed.md OR-3).
struct AnswerLimits {
  std::chrono::milliseconds read{10'000};   ///< doubled with each attempt that is not answered in time …
  std::chrono::milliseconds write{900'000}; ///< … to this; of writes from the first attempt on
};

/// What a gate is made of.
struct GateSetup {
  std::string api; ///< "storage": what problems name
  RateOptions rate;
  bool shares = false;     ///< the rate is that of several engines; a RateExchange asks and tells
  bool paused = false;     ///< nothing is sent, probes neither, until Reconfigure says so
  double live_share = 0.7; ///< of the turns live takes when both wait
  PatienceRules patience;
  AnswerLimits limits;
  std::shared_ptr<const http::Request> probe; ///< cheap request that any healthy server answers below 500
  std::function<void(std::shared_ptr<const http::Request>, http::Handler, std::chrono::milliseconds,
                     const http::Trace&)>
      send;
  /// Requests that `send` repeated by itself, since the start; may be null.
  std::function<std::uint64_t()> repeats;
  std::function<Moment()> clock;
  std::uint64_t seed = 1;                  ///< of the jitter
  std::shared_ptr<Shared<GateView>> view;  ///< may be null
  std::shared_ptr<RequestMetrics> metrics; ///< used by this gate alone; may be null
  std::shared_ptr<RestingCalls> resting;   ///< shared by all gates; may be null
};

class Gate : public actor_base<sharing_gate_actor> {
public:
  Gate(caf::actor_config& config, GateSetup setup);
  const char* name() const override { return "gate"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// What calls that are refused alike have in common: operation, status, reason.
  using Alike = std::tuple<http::Operation, int, http::Verdict::Reason>;
  struct Waiting {
    Trouble trouble;
    std::deque<std::uint64_t> calls;
  };

  struct Pending {
    Call call;
    ReplyTo<Answered> reply;
    std::uint32_t sent = 0;
    std::uint32_t attempts = 0;  ///< that count against its patience
    std::uint32_t throttled = 0; ///< that count against throttle_patience
    std::uint32_t timeouts = 0;
    std::optional<Moment> refused = {};      ///< for the first time
    Waiting* trouble = nullptr;              ///< that refused it last
    bool let_go = false;                     ///< by that trouble
    bool rests = false;                      ///< waits out a pause of its own
    bool waits = false;                      ///< to be sent again, for a pause or a turn to end
    std::shared_ptr<http::Answer> last = {}; ///< what it was refused with
    Uuid trace = {};                         ///< of all its attempts
  };

  caf::result<Answered> on_call(Call& call);
  void on_calls(Calls& calls);
  void take(Call call, ReplyTo<Answered> reply);
  void collect();
  void on_attempted(Attempted& attempted);
  void on_probed(const Probed& probed);

  void reconfigure(const Reconfigure& options);
  UseTold tell_use(const TellUse& asked);
  void tell_news();
  void drain();
  void be_patient_again();
  void pay_for_repeats();
  void pump();
  void pump_later(Moment now);
  void dispatch(std::uint64_t id, Moment sent);
  std::uint64_t take_next();
  void queue_again(std::uint64_t id);
  void come_back(std::uint64_t id);
  void retry(std::uint64_t id, Pending& pending, const http::Answer& answer);
  void rest(Pending& pending, bool rests);
  bool may_retry(Pending& pending, http::Verdict::Reason why, Moment now);
  std::chrono::milliseconds limit_of(const Pending& pending) const;
  // -- calls that are refused alike
  void note_refusal(Pending& pending, const http::Verdict& verdict, Moment now);
  void leave_trouble(Pending& pending, Moment now);
  void wait_for_turn(std::uint64_t id, Pending& pending, std::shared_ptr<http::Answer> answer);
  void release(Waiting& waiting, Moment now);
  void look_after_troubles();
  void give_up_late(Waiting& waiting, Moment now);
  void give_up(std::uint64_t id);
  void answer(std::uint64_t id, Pending& pending, http::Verdict verdict,
              std::shared_ptr<http::Answer> answer);
  void note_health(const http::Answer& answer);
  Uuid trace_of(const Call& call);
  void send_probe();
  void tell_outage(bool was_down) const;
  void publish(Moment now);
  double random();

  GateSetup setup_;
  RateController rate_;
  std::shared_ptr<LetterBox<Attempted>> box_ = std::make_shared<LetterBox<Attempted>>();
  std::vector<Attempted> letters_;
  OutageDetector outage_;
  std::map<Alike, Waiting> troubles_; ///< few: there are not many statuses
  Slots<Pending> pending_;
  Outbox<Answers> answers_; ///< to calls that came in lists
  ByPriority<std::uint64_t> queue_;
  double live_turns_ = 0;
  bool pump_due_ = false;
  Moment pump_at_{};             ///< with pump_due_: when
  rate_exchange_actor exchange_; ///< to be told of news; null: it was, or there is none
  bool turn_due_ = false;        ///< a look at the troubles
  bool draining_ = false;
  bool probe_due_ = false; ///< it was due while the API was paused
  std::uint64_t random_state_;
  GateView counts_;
  std::uint64_t repeats_paid_ = 0;
  Moment published_{};
};

/// Spawns the gate of one API.
sharing_gate_actor spawn_gate(caf::actor_system& system, GateSetup setup);

} // namespace dialogferry::engine
