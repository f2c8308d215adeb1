#pragma once

#include <dialogferry/engine/limit/answer_history.hpp>
#include <dialogferry/engine/limit/token_bucket.hpp>

#include <cstdint>
#include <optional>

namespace dialogferry::engine {

/// Finds the rate a target allows from its 429 answers, keeps just below it, and looks now and then whether
/// it has moved (docs/limiter.md). It supposes a token bucket at the target that keeps a second of requests,
/// and corrects that where it sees less. Random 429 answers, whose share does not fall with the rate, are no
/// limit.
class LimitFinder {
public:
  /// How many of `wanted` the limit found lets start now.
  std::uint32_t available(std::uint32_t wanted, Moment now) {
    if (phase_ == Phase::free) return wanted;
    if (now >= step_at_ && lag_ == Moment{0}) step(now); // among several only where they are heard
    const auto count = bucket_.available(wanted, now);
    demand_ |= count < wanted;
    return count;
  }
  void take(std::uint32_t count) { bucket_.take(count); }
  void put_back(std::uint32_t count) { bucket_.put_back(count); }
  Moment next_token(Moment now) { return bucket_.next_token(now); }

  /// An answer other than 429: the request has passed the target's limit.
  void passed(Moment now) {
    if (first_answer_at_ == never) first_answer_at_ = now;
    history_.add_passed(now);
    ++passed_;
    if (run_ > 0) run_ -= 0.25;
  }
  /// A 429 to an attempt that started at `sent`.
  void throttled(Moment sent, Moment now);

  /// Nobody sends from `now` until `until`; what the target's bucket gains meanwhile is caught up afterwards.
  void paused(Moment now, Moment until);

  /// Requests per second the target allows; nothing: no limit found.
  std::optional<double> limit() const {
    return phase_ == Phase::free ? std::nullopt : std::optional{estimate_};
  }
  /// Requests per second let through now; 0: no limit.
  double pace() const { return phase_ == Phase::free ? 0 : pace_; }

  // -- one of several engines (docs/limiter.md, Several engines)

  /// From now on this share of the pace is let through here; the limit is that of all.
  void set_share(double share, Moment now);

  /// Answers to the others since they were heard last: `fresh` 429 to attempts that began after the others
  /// knew of the last reduction, `late` ones to others. `held_back`: some of them were, by the limit found.
  void others_answered(std::uint32_t passed, std::uint32_t fresh, std::uint32_t late, bool held_back,
                       Moment now);

  /// Somebody else finds the limit; 0: none.
  void follow(double limit, double pace, Moment now);

  /// Goes on with the limit (0: none) that somebody else has found and left behind after so many reductions.
  void lead(double limit, std::int64_t reductions, Moment now);

  /// What time brings where nobody asks.
  void pass_time(Moment now) {
    if (phase_ != Phase::free && now >= step_at_) step(now);
  }

  /// How often the pace was reduced.
  std::int64_t reductions() const { return reductions_; }

private:
  enum class Phase : std::uint8_t {
    free,     ///< no limit found
    catch_up, ///< after a pause: faster than the limit, for what the pause has saved up
    hold,     ///< just below the limit
    probe,    ///< above the limit by a little, doubled every second
    climb,    ///< the old limit is gone: the pace itself doubles
    follow,   ///< who leads decides
  };
  /// What to return to if a reduction proves wrong.
  struct Before {
    Phase phase = Phase::free;
    double estimate = 0;
    double answers = 0;
    double throttled = 0;
  };

  bool is_evidence(Moment now);
  bool is_noise(Moment now);
  void reduce(Moment now);
  double least_from_free(Moment now) const;
  void note_empty(Moment now);
  void drop(Moment now);
  /// Whether 429 answers come one upon another, as from an empty bucket.
  bool is_run() const { return run_ >= 3; }
  void step(Moment now);
  void review_noise();
  void step_probe(Moment now);
  void step_climb(Moment now);
  void begin(Phase phase, double pace, Moment length, Moment now);
  void set_pace(double pace, Moment now);
  Moment hold_length(double measured) const;

  static constexpr Moment never = Moment::max();

  AnswerHistory history_;
  Moment first_answer_at_ = never;
  TokenBucket bucket_;
  double pace_ = 0;  ///< of all engines
  double share_ = 1; ///< of it that is this engine's
  Moment lag_{0};    ///< what others do, and what they have seen, is late by this
  std::int64_t reductions_ = 0;
  Phase phase_ = Phase::free;
  double estimate_ = 0; ///< the limit, requests per second
  double lowest_ = 0;   ///< the limit as measured, which a lonely 429 does not prove
  double run_ = 0;      ///< 429 answers upon one another; four others make one of them forgotten
  Moment last_throttled_at_{0};
  double hold_pace_ = 0;         ///< the pace of `hold`, below the estimate by its uncertainty
  Moment step_at_{0};            ///< when the phase goes on
  Moment hold_{0};               ///< how long to hold next
  bool demand_ = false;          ///< somebody was refused since the last step
  double passed_ = 0;            ///< answers that passed, in all
  double throttled_ = 0;         ///< 429 answers, in all
  double passed_at_step_ = 0;    ///< passed_ at the last step
  double throttled_at_step_ = 0; ///< throttled_ at the last step
  Moment empty_at_{
      0}; ///< the target's bucket was empty then; free: at the first 429 of those that follow one another
  double passed_at_empty_ = 0;  ///< passed_ then
  double burst_ = 1;            ///< seconds of requests the target's bucket keeps, as far as known
  double excess_ = 0;           ///< probe: share above the limit
  double spent_ = 0;            ///< probe: seconds of requests taken above the limit
  bool last_was_climb_ = false; ///< the last probe ended in a climb
  int idle_steps_ = 0;          ///< climb: steps without demand
  std::uint32_t pauses_ = 0;    ///< soon after one another
  Moment paused_at_{0};
  Moment paused_until_{0};
  double strikes_ = 0; ///< reductions in a row that did not end the 429 answers
  Before before_;      ///< the first of them
  double noise_ = 0;   ///< share of 429 answers that no rate makes go away
};

} // namespace dialogferry::engine
