#include <dialogferry/codec/parties.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/source/register.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

constexpr std::size_t lists_side_by_side = 4;
/// A list that takes longer is one that was refused, and waits out its pause: others need not wait with it.
constexpr Moment quick_answer = std::chrono::milliseconds{250};
constexpr std::size_t most_lists = 64;

constexpr PersonKey party_key(std::int64_t id) {
  return {id, false};
}
constexpr PersonKey user_key(std::int64_t id) {
  return {id, true};
}

} // namespace

Registry::Registry(caf::actor_config& config, gate_actor api, std::shared_ptr<PeopleBook> people,
                   std::function<Moment()> clock)
    : actor_base(config)
    , api_(std::move(api))
    , people_(std::move(people))
    , clock_(std::move(clock)) {}

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
    if (const auto known = people_->find(key, now))
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

void Registry::note(FoundParties& found, Key key, const KnownUrn& urn) {
  if (urn) (key.is_user ? found.users : found.parties).emplace_back(key.id, *urn);
}

void Registry::want(Key key, const std::shared_ptr<Question>& question) {
  auto& askers = waiting_[key];
  if (askers.empty()) next_.push_back(key);
  askers.push_back(question);
}

bool Registry::may_ask(Moment now) const {
  const auto is_quick = [now](Moment asked) { return now - asked < quick_answer; };
  const auto quick = std::count_if(under_way_.begin(), under_way_.end(), is_quick);
  return static_cast<std::size_t>(quick) < lists_side_by_side && under_way_.size() < most_lists;
}

void Registry::over(Moment asked) {
  under_way_.erase(std::find(under_way_.begin(), under_way_.end(), asked));
}

void Registry::ask_next() {
  const auto now = clock_();
  while (!next_.empty() && may_ask(now)) {
    const auto size = std::min(next_.size(), source::registry::most_per_query);
    std::vector<Key> keys(next_.end() - static_cast<std::ptrdiff_t>(size), next_.end());
    next_.resize(next_.size() - size);
    std::vector<std::int64_t> parties;
    std::vector<std::int64_t> users;
    for (const auto key : keys)
      (key.is_user ? users : parties).push_back(key.id);
    Call call{std::make_shared<const http::Request>(source::registry::query(parties, users)),
              http::Operation::read, std::exchange(next_priority_, Priority::history), Patience::record};
    call.records = static_cast<std::uint32_t>(size);
    under_way_.push_back(now);
    request(api_, caf::infinite, std::move(call))
        .then(
            [this, keys, now](const Answered& answered) {
              over(now);
              on_answer(keys, answered);
              ask_next();
            },
            [this, keys, now](const caf::error& error) {
              over(now);
              const Problem problem{
                  "register", "the engine's gate did not answer: " + home_system().render(error), {}};
              give_up(keys, problem, held_inside());
              ask_next();
            });
  }
}

void Registry::on_answer(const std::vector<Key>& keys, const Answered& answered) {
  if (answered.verdict.kind != http::Verdict::Kind::success)
    return give_up(keys, answered.verdict.problem, held_by(answered));
  const codec::Document body{std::move((*answered.answer)->body)};
  const auto parties = codec::read_parties(parser_, body.view());
  if (!parties) return give_up(keys, parties.error(), std::nullopt);
  std::unordered_map<Key, KnownUrn, KeyHash> said;
  for (const auto key : keys)
    said.emplace(key, std::nullopt); // whoever is not in the answer is unknown (storage.md 5: 206)
  const auto hear = [&said](Key key, const std::string& urn) {
    if (const auto asked = said.find(key); asked != said.end()) asked->second = urn;
  };
  for (const auto& party : *parties) {
    if (party.party_id) hear(party_key(*party.party_id), party.urn);
    for (const auto user : party.user_ids)
      hear(user_key(user), party.urn);
  }
  const auto now = clock_();
  for (const auto& [key, urn] : said) {
    people_->put(key, urn, now);
    settle(key, [&, &key = key, &urn = urn](FoundParties& found) { note(found, key, urn); });
  }
}

void Registry::give_up(const std::vector<Key>& keys, const Problem& problem,
                       const std::optional<Held>& held) {
  for (const auto key : keys)
    settle(key, [&](FoundParties& found) {
      found.problem = problem;
      found.held = held;
    });
}

template <class Note>
void Registry::settle(Key key, Note note) {
  const auto askers = waiting_.extract(key);
  if (askers.empty()) return;
  for (const auto& question : askers.mapped()) {
    note(question->found);
    if (--question->missing == 0) question->promise.deliver(std::move(question->found));
  }
}

} // namespace dialogferry::engine
