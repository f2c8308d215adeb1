#include <dialogferry/codec/dialog_head.hpp>
#include <dialogferry/engine/verify/verifier.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine::verify {

namespace {

using ledger::DifferenceKind;
using ledger::VerifyMethod;

constexpr std::size_t most_suspects = 2'000; ///< that wait to be looked at

std::uint64_t& count_of(ledger::Verification& verification, DifferenceKind kind) {
  switch (kind) {
  case DifferenceKind::missing: return verification.missing;
  case DifferenceKind::unexpected: return verification.unexpected;
  case DifferenceKind::stale: return verification.stale;
  case DifferenceKind::wrong: break;
  }
  return verification.wrong;
}

/// An order of records that has nothing to do with their times: the first ones are a sample.
bool is_before(const Suspect& left, const Suspect& right) {
  const std::hash<Uuid> hash;
  return hash(left.record.guid) < hash(right.record.guid);
}

} // namespace

Verifier::Verifier(caf::actor_config& config, VerifierSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Verifier::behavior_type Verifier::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](VerifyDay& question) -> caf::result<DayVerified> {
        if (work_) return caf::make_error(caf::sec::runtime_error, std::string("a day is under way"));
        work_ = Work{};
        work_->number = ++days_;
        work_->question = std::move(question);
        work_->promise = make_response_promise<DayVerified>();
        auto promise = work_->promise;
        begin();
        return promise;
      },
      [this](Suspects& suspects) -> caf::result<Taken> {
        if (!is_reading(current_sender())) return ended_unanswered(); // of a day that is given up
        auto promise = make_response_promise<Taken>();
        work_->waiting.push_back({std::move(suspects.list), promise});
        go_on();
        return promise;
      },
      [this](WindowEnded& ended) {
        if (is_reading(current_sender())) on_window(ended);
      },
      [this](GiveUpDay) {
        fail({"engine", "was told to give the day up", {}});
      },
  };
}

void Verifier::on_exit() {
  if (work_) {
    work_->promise.deliver(ended_unanswered());
    let_go(*work_);
  }
  work_.reset();
  setup_ = {};
}

bool Verifier::is_reading(const caf::strong_actor_ptr& window) const {
  if (!work_ || !window) return false;
  const auto& reading = work_->reading;
  return std::find(reading.begin(), reading.end(), window->address()) != reading.end();
}

// -- beginning ------------------------------------------------------------------------

void Verifier::begin() {
  auto& verification = work_->answer.verification;
  verification.row = setup_.row;
  verification.day = work_->question.day;
  !own_.empty() || !setup_.may_search ? plan() : ask_whose();
}

/// The newest dialog that the token finds tells whose it is. A token that may not search finds none.
void Verifier::ask_whose() {
  Call call{std::make_shared<const http::Request>(target::dialogporten::newest(1)), http::Operation::list,
            setup_.priority, Patience::page};
  request(setup_.dialogporten, caf::infinite, std::move(call))
      .then(
          [this](const Answered& answered) {
            if (answered.verdict.kind == http::Verdict::Kind::again) return fail(answered.verdict.problem);
            if (answered.verdict.kind == http::Verdict::Kind::success) {
              codec::Parser parser;
              codec::Arena texts;
              std::vector<codec::DialogHead> dialogs;
              const codec::Document body{std::move((*answered.answer)->body)};
              if (codec::read_search_page(parser, body.view(), texts, dialogs) && !dialogs.empty())
                own_ = dialogs.front().org;
            }
            plan();
          },
          [this](const caf::error& error) {
            fail({"dialogporten", "was not answered inside the engine: " + home_system().render(error), {}});
          });
}

void Verifier::plan() {
  auto& work = *work_;
  const auto day = work.question.day;
  for (const auto& organisation : work.question.organisations) {
    const bool searches = setup_.may_search && own_ == organisation;
    if (!searches) work.answer.not_searched.push_back(organisation);
    work.windows.push_back({organisation, day.start(), day.end(), true, searches});
  }
  if (!work.answer.not_searched.empty())
    work.answer.verification.how = setup_.sample ? VerifyMethod::sample : VerifyMethod::lookup;
  go_on();
}

// -- reading --------------------------------------------------------------------------

void Verifier::go_on() {
  if (!work_) return;
  begin_windows();
  take_waiting();
  auto& work = *work_;
  while (work.looking < setup_.looks && !work.suspects.empty()) {
    const auto suspect = work.suspects.front();
    work.suspects.pop_front();
    look(suspect);
  }
  take_waiting();
  if (!work.reading.empty() || work.looking > 0 || !work.windows.empty()) return;
  if (!std::exchange(work.is_sampled, true) && !work.sample.empty()) {
    work.suspects.insert(work.suspects.end(), work.sample.begin(), work.sample.end());
    work.sample.clear();
    return go_on();
  }
  finish();
}

void Verifier::begin_windows() {
  auto& work = *work_;
  while (work.reading.size() < setup_.windows && !work.windows.empty()) {
    auto window = std::move(work.windows.front());
    work.windows.pop_front();
    const auto begun = setup_.spawn_window(std::move(window), verifier_actor{this});
    monitor(begun);
    work.reading.push_back(begun.address());
  }
}

void Verifier::take_waiting() {
  auto& work = *work_;
  while (!work.waiting.empty() && work.suspects.size() < most_suspects) {
    auto waiting = std::move(work.waiting.front());
    work.waiting.pop_front();
    take(std::move(waiting.list));
    waiting.promise.deliver(Taken{});
  }
}

void Verifier::take(std::vector<Suspect> suspects) {
  auto& work = *work_;
  for (const auto& suspect : suspects) {
    if (setup_.sample && suspect.side == Suspect::Side::listed && !work.is_sampled)
      keep_in_sample(suspect);
    else
      work.suspects.push_back(suspect);
  }
}

void Verifier::keep_in_sample(const Suspect& suspect) {
  auto& sample = work_->sample;
  sample.push_back(suspect);
  std::push_heap(sample.begin(), sample.end(), is_before);
  if (sample.size() <= *setup_.sample) return;
  std::pop_heap(sample.begin(), sample.end(), is_before);
  sample.pop_back();
}

void Verifier::on_window(WindowEnded& ended) {
  auto& work = *work_;
  const auto at = std::find(work.reading.begin(), work.reading.end(), current_sender()->address());
  work.reading.erase(at);
  if (ended.problem) return fail(*ended.problem);
  auto& verification = work.answer.verification;
  verification.source += ended.source;
  verification.target += ended.target;
  verification.compared += ended.pairs;
  if (ended.rest) {
    const auto day = work.question.day;
    for (const auto& [from, to] : split_window(day.start(), *ended.rest, static_cast<unsigned>(setup_.parts)))
      work.windows.push_back({ended.organisation, from, to, false, ended.searches});
  }
  go_on();
}

/// A window that ended without a word: a bug, or a kill.
void Verifier::on_down(const caf::down_msg& down) {
  if (!work_) return;
  auto& reading = work_->reading;
  const auto found = std::find(reading.begin(), reading.end(), down.source);
  if (found == reading.end()) return;
  reading.erase(found);
  fail({"day window", "ended unexpectedly: " + home_system().render(down.reason), {}});
}

// -- single records -------------------------------------------------------------------

void Verifier::look(const Suspect& suspect) {
  auto& work = *work_;
  ++work.looking;
  const auto& examiner = setup_.examiners[turn_++ % setup_.examiners.size()];
  request(examiner, caf::infinite, Examine{suspect, work.question.day, setup_.repair})
      .then([this, day = work.number, suspect](Examined& examined) { on_looked(day, suspect, examined); },
            [this, day = work.number](const caf::error& error) {
              if (work_ && work_->number == day)
                fail({"record", "was not answered inside the engine: " + home_system().render(error), {}});
            });
}

void Verifier::on_looked(std::uint64_t day, const Suspect& suspect, Examined& examined) {
  if (!work_ || work_->number != day) return;
  auto& work = *work_;
  --work.looking;
  if (examined.problem) return fail(*examined.problem);
  auto& verification = work.answer.verification;
  const bool is_pair = suspect.side == Suspect::Side::source || suspect.side == Suspect::Side::listed;
  if (is_pair && examined.is_there) ++verification.compared;
  if (suspect.side == Suspect::Side::listed && examined.is_there) ++verification.target;
  for (auto& difference : examined.differences) {
    ++count_of(verification, difference.kind);
    if (difference.repaired) ++verification.repaired;
    if (verification.first.size() < ledger::Verification::differences_limit)
      verification.first.push_back(std::move(difference));
  }
  go_on();
}

// -- ending ---------------------------------------------------------------------------

void Verifier::fail(const Problem& problem) {
  if (!work_) return;
  work_->answer.problem = problem;
  finish();
}

/// Windows of a day that failed or is given up.
void Verifier::let_go(Work& work) {
  for (auto& waiting : work.waiting)
    waiting.promise.deliver(ended_unanswered());
  for (const auto& window : work.reading)
    if (const auto actor = caf::actor_cast<caf::strong_actor_ptr>(window))
      caf::anon_send_exit(caf::actor_cast<caf::actor>(actor), caf::exit_reason::kill);
}

/// What is still under way, after a failure, finds nobody who waits for it.
void Verifier::finish() {
  auto work = std::move(*work_);
  work_.reset();
  work.answer.verification.at = setup_.now();
  let_go(work);
  work.promise.deliver(std::move(work.answer));
}

} // namespace dialogferry::engine::verify
