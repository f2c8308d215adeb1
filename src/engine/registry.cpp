#include <dialogferry/codec/parties.hpp>
#include <dialogferry/engine/lookups.hpp>
#include <dialogferry/source/register.hpp>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_known = 200'000;

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
    : register_actor::base(config)
    , api_(std::move(api))
    , clock_(std::move(clock))
    , known_(most_known, lookup_age) {}

Registry::behavior_type Registry::make_behavior() {
  return {[this](FindParties& find) { return on_find(find); }};
}

caf::result<FoundParties> Registry::on_find(FindParties& find) {
  auto question = std::make_shared<Question>();
  question->asked = std::move(find);
  const auto now = clock_();
  std::vector<Key> unknown;
  for (const auto id : question->asked.parties)
    if (known_.find(party_key(id), now) == nullptr) unknown.push_back(party_key(id));
  for (const auto id : question->asked.users)
    if (known_.find(user_key(id), now) == nullptr) unknown.push_back(user_key(id));
  if (unknown.empty()) return answer_from_cache(*question);
  question->promise = make_response_promise<FoundParties>();
  question->missing = unknown.size();
  for (const auto key : unknown)
    want(key, question);
  ask_next();
  return question->promise;
}

void Registry::want(Key key, const std::shared_ptr<Question>& question) {
  auto& askers = waiting_[key];
  if (askers.empty()) next_.push_back(key);
  askers.push_back(question);
  if (question->asked.priority == Priority::live) next_priority_ = Priority::live;
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
                settle(key, problem);
            });
  }
}

void Registry::on_answer(const std::vector<Key>& keys, const Answered& answered) {
  std::optional<Problem> problem;
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
  }
  for (const auto key : keys)
    settle(key, problem);
}

void Registry::settle(Key key, const std::optional<Problem>& problem) {
  const auto askers = waiting_.extract(key);
  if (askers.empty()) return;
  for (const auto& question : askers.mapped()) {
    if (problem) question->problem = problem;
    if (--question->missing == 0) question->promise.deliver(answer_from_cache(*question));
  }
}

FoundParties Registry::answer_from_cache(const Question& question) {
  FoundParties found;
  found.problem = question.problem;
  const auto now = clock_();
  for (const auto id : question.asked.parties)
    if (const auto* urn = known_.find(party_key(id), now); urn != nullptr && !urn->empty())
      found.parties.emplace_back(id, *urn);
  for (const auto id : question.asked.users)
    if (const auto* urn = known_.find(user_key(id), now); urn != nullptr && !urn->empty())
      found.users.emplace_back(id, *urn);
  return found;
}

} // namespace dialogferry::engine
