#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/publish_round.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

constexpr std::uint32_t most_rounds = 2;        ///< of the whole list; then each record is looked at
constexpr std::uint32_t rounds_unchanged = 4;   ///< of a dialog before it is purged: eight seconds
constexpr std::uint32_t looks_absent = 2;       ///< of one that Dialogporten refused
constexpr std::uint32_t most_asked = 14;        ///< then others have been at it all the time
constexpr std::uint32_t most_pauses = 6;        ///< the longest pause is that of the sixth
constexpr std::uint32_t most_broken_rounds = 7; ///< of what met an error, which may be the moment's: a
                                                ///< quarter of a minute

} // namespace

PublishRound::PublishRound(std::vector<ledger::Handed> records)
    : records_(std::move(records))
    , states_(records_.size(), State::waiting)
    , purged_(records_.size())
    , seen_(records_.size())
    , results_(records_.size())
    , words_(records_.size())
    , is_unexplained_(records_.size())
    , asked_(records_)
    , next_(records_.empty() ? Next::done : Next::ask) {}

std::optional<std::size_t> PublishRound::index_of(const Uuid& id) const {
  const auto found = std::find_if(records_.begin(), records_.end(),
                                  [&](const ledger::Handed& record) { return record.target_id == id; });
  if (found == records_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - records_.begin());
}

void PublishRound::settle(std::size_t at, PublishedRecord result) {
  result.attempts = rounds_;
  result.repaired = result.outcome == Outcome::created && purged_[at];
  results_[at] = std::move(result);
  states_[at] = State::settled;
}

void PublishRound::on_answer(std::span<const codec::Published> statuses) {
  ++rounds_;
  for (const auto& status : statuses) {
    const auto at = index_of(status.correspondence_id);
    if (!at || states_[*at] == State::settled) continue;
    if (status.ok && status.dialog_id)
      settle(*at, {Outcome::created});
    else
      states_[*at] = status.ok ? State::empty : State::broken;
    words_[*at] = status.error;
  }
  next_round();
}

void PublishRound::on_no_answer(const Answered& answered) {
  ++rounds_;
  for (std::size_t at = 0; at < records_.size(); ++at) {
    if (states_[at] == State::settled) continue;
    const bool is_asked = std::any_of(asked_.begin(), asked_.end(),
                                      [&](const ledger::Handed& record) { return record == records_[at]; });
    if (!is_asked) continue;
    auto problem = answered.verdict.problem;
    settle(at, {Outcome::failed, std::move(problem), answered.verdict.status, 1, held_by(answered)});
  }
  next_round();
}

bool PublishRound::is_left(std::size_t at) const {
  return states_[at] != State::settled;
}

/// Of one that was purged nothing more is asked here: it waits.
bool PublishRound::met_an_error(std::size_t at) const {
  return !purged_[at] && (states_[at] == State::broken || states_[at] == State::waiting);
}

std::vector<ledger::Handed> PublishRound::those(bool (PublishRound::*of)(std::size_t) const) const {
  std::vector<ledger::Handed> some;
  for (std::size_t at = 0; at < records_.size(); ++at)
    if ((this->*of)(at)) some.push_back(records_[at]);
  return some;
}

/// All that is left once more. Of what met an error the reason is looked for, and what has none that is known
/// is asked for again and again; then what is there of each is looked at.
void PublishRound::next_round() {
  asked_ = those(&PublishRound::is_left);
  if (asked_.empty()) {
    next_ = Next::done;
    return;
  }
  if (rounds_ < most_rounds) return ask_again();
  for (current_ = 0; current_ < records_.size(); ++current_) {
    if (!met_an_error(current_) || is_unexplained_[current_]) continue;
    next_ = Next::reason;
    return;
  }
  auto broken = those(&PublishRound::met_an_error);
  if (!broken.empty() && rounds_ < most_broken_rounds) {
    asked_ = std::move(broken);
    return ask_again();
  }
  rounds_ < most_asked ? look_on(0) : give_up();
}

void PublishRound::ask_again() {
  pauses_ = std::min(rounds_, most_pauses);
  next_ = Next::ask;
}

/// At what is left from there on; then all of it is asked for again.
void PublishRound::look_on(std::size_t from) {
  for (current_ = from; current_ < records_.size(); ++current_) {
    if (!is_left(current_)) continue;
    const bool is_known = purged_[current_] && states_[current_] != State::empty;
    next_ = is_known ? Next::reason : Next::look;
    return;
  }
  ask_again();
}

void PublishRound::give_up() {
  for (std::size_t at = 0; at < records_.size(); ++at) {
    if (!is_left(at)) continue;
    PublishedRecord later{Outcome::failed, {"dialog", "is being made or mended by somebody else", {}}};
    later.held = Held{"correspondence", "race", {}, 0, 0, later.problem};
    settle(at, std::move(later));
  }
  next_ = Next::done;
}

void PublishRound::on_there(const Uuid& revision) {
  auto& seen = seen_[current_];
  if (seen.revision != revision) seen = {revision, rounds_, 0};
  if (rounds_ < seen.round + rounds_unchanged) return look_on(current_ + 1);
  next_ = Next::purge;
}

void PublishRound::on_not_there() {
  auto& seen = seen_[current_];
  seen = {std::nullopt, 0, seen.absent + 1};
  const bool may_be_made = states_[current_] == State::empty && !purged_[current_];
  if (may_be_made && seen.absent < looks_absent) return look_on(current_ + 1);
  next_ = Next::reason;
}

void PublishRound::on_purged() {
  purged_[current_] = true;
  seen_[current_] = {};
  asked_ = {records_[current_]};
  pauses_ = 0;
  next_ = Next::ask;
}

void PublishRound::on_not_purged() {
  seen_[current_] = {};
  ask_again();
}

void PublishRound::on_reason(const std::optional<Problem>& reason) {
  // Of one that was purged Dialogporten had taken the dialog before.
  const bool is_of_moment = states_[current_] != State::empty || purged_[current_];
  const auto& words = words_[current_];
  if (reason) {
    settle(current_, {Outcome::failed, *reason});
  } else if (met_an_error(current_) && !is_unexplained_[current_]) {
    is_unexplained_[current_] = true;
  } else if (is_of_moment) { // what stands behind Correspondence failed, as far as anybody can tell
    PublishedRecord later{Outcome::failed,
                          {"correspondence", words.empty() ? "cannot publish it" : words, {}}};
    later.held = Held{"correspondence", "behind", {}, 0, 0, later.problem};
    settle(current_, std::move(later));
  } else {
    settle(current_,
           {Outcome::failed,
            {"dialog", "Dialogporten refuses it, and Correspondence does not tell why",
             "no rule is known that its record breaks: ask Dialogporten, by the id of the message"}});
  }
  next_round();
}

void PublishRound::on_held(std::optional<Held> held, Problem problem) {
  PublishedRecord later{Outcome::failed, std::move(problem)};
  later.held = std::move(held);
  settle(current_, std::move(later));
  next_round();
}

} // namespace dialogferry::engine
