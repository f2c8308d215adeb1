#include <dialogferry/codec/parties.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/source/register.hpp>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_known = 4'000;

constexpr std::int64_t party_key(std::int64_t id) {
  return id * 2;
}
constexpr std::int64_t user_key(std::int64_t id) {
  return id * 2 + 1;
}
constexpr bool is_user(std::int64_t key) {
  return (key & 1) != 0;
}

} // namespace

Registry::Registry(caf::actor_config& config, gate_actor api, std::function<Moment()> clock)
    : actor_base(config)
    , api_(std::move(api))
    , clock_(std::move(clock))
    , known_(most_known, lookup_age) {}

Registry::behavior_type Registry::make_behavior() {
  return {[this](const FindParties& find) { return on_find(find); }};
}

void Registry::on_exit() {
  for (auto& [key, askers] : std::exchange(waiting_, {}))
    for (const auto& question : askers)
      question->promise.deliver(ended_unanswered());
  api_ = nullptr;
}

caf::result<FoundParties> Registry::on_find(const FindParties& find) {
  auto question = std::make_shared<Question>();
  const auto now = clock_();
  std::vector<Key> unknown;
  const auto look_up = [&](Key key) {
    if (const auto* known = known_.find(key, now))
      note(question->found, key, *known);
    else
      unknown.push_back(key);
  };
  for (const auto id : find.parties)
    look_up(party_key(id));
  for (const auto id : find.users)
    look_up(user_key(id));
  if (unknown.empty()) return std::move(question->found);
  question->promise = make_response_promise<FoundParties>();
  question->missing = unknown.size();
  next_priority_ = std::min(next_priority_, find.priority);
  for (const auto key : unknown)
    want(key, question);
  ask_next();
  return question->promise;
}

void Registry::note(FoundParties& found, Key key, const Known& known) {
  if (known) (is_user(key) ? found.users : found.parties).emplace_back(key >> 1, *known);
}

void Registry::want(Key key, const std::shared_ptr<Question>& question) {
  auto& askers = waiting_[key];
  if (askers.empty()) next_.push_back(key);
  askers.push_back(question);
}

void Registry::ask_next() {
  while (in_flight_ < lists_in_flight && !next_.empty()) {
    const auto size = std::min(next_.size(), source::registry::most_per_query);
    std::vector<Key> keys(next_.end() - static_cast<std::ptrdiff_t>(size), next_.end());
    next_.resize(next_.size() - size);
    std::vector<std::int64_t> parties;
    std::vector<std::int64_t> users;
    for (const auto key : keys)
      (is_user(key) ? users : parties).push_back(key >> 1);
    Call call{std::make_shared<const http::Request>(source::registry::query(parties, users)),
              http::Operation::read, std::exchange(next_priority_, Priority::history), Patience::record};
    ++in_flight_;
    request(api_, caf::infinite, std::move(call))
        .then(
            [this, keys](const Answered& answered) {
              --in_flight_;
              on_answer(keys, answered);
              ask_next();
            },
            [this, keys](const caf::error& error) {
              --in_flight_;
              const Problem problem{
                  "register", "the engine's gate did not answer: " + home_system().render(error), {}};
              for (const auto key : keys)
                settle(key, problem, held_inside());
              ask_next();
            });
  }
}

void Registry::on_answer(const std::vector<Key>& keys, const Answered& answered) {
  std::optional<Problem> problem;
  std::optional<Held> held;
  const auto now = clock_();
  if (answered.verdict.kind == http::Verdict::Kind::success) {
    const codec::Document body{std::move((*answered.answer)->body)};
    const auto parties = codec::read_parties(parser_, body.view());
    if (!parties) {
      problem = parties.error();
    } else {
      for (const auto key : keys)
        known_.put(key, {}, now); // whoever is not in the answer is unknown (storage.md 5: 206)
      for (const auto& party : *parties) {
        if (party.party_id && waiting_.contains(party_key(*party.party_id)))
          known_.put(party_key(*party.party_id), party.urn, now);
        for (const auto user : party.user_ids)
          if (waiting_.contains(user_key(user))) known_.put(user_key(user), party.urn, now);
      }
    }
  } else {
    problem = answered.verdict.problem;
    held = held_by(answered);
  }
  for (const auto key : keys)
    settle(key, problem, held);
}

void Registry::settle(Key key, const std::optional<Problem>& problem, const std::optional<Held>& held) {
  const auto askers = waiting_.extract(key);
  if (askers.empty()) return;
  const auto* known = problem ? nullptr : known_.find(key, clock_());
  for (const auto& question : askers.mapped()) {
    if (problem) {
      question->found.problem = problem;
      question->found.held = held;
    }
    if (known != nullptr) note(question->found, key, *known);
    if (--question->missing == 0) question->promise.deliver(std::move(question->found));
  }
}

} // namespace dialogferry::engine
