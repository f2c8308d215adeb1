#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/generation_cache.hpp>
#include <dialogferry/engine/carry/people_book.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dialogferry::engine {

/// Applications with their texts: four requests each, whoever asks how often (M-62, decisions.md D-13).
class Metadata : public actor_base<metadata_actor> {
public:
  Metadata(caf::actor_config& config, gate_actor storage, std::shared_ptr<const mapping::Mapper> mapper,
           std::function<Moment()> clock);
  const char* name() const override { return "metadata"; }
  behavior_type make_behavior() override;
  void on_exit() override; ///< lets go of promises: each holds its actor

private:
  using Promise = caf::typed_response_promise<FoundApplication>;

  /// One application on its way: its metadata and texts nb, nn, en.
  struct Fetch {
    std::string app_id;
    std::array<std::optional<codec::Document>, 4> bodies; ///< nothing: 404
    std::size_t missing = 4;
    std::optional<Problem> problem;
    std::optional<Held> held; ///< with a problem
    std::vector<Promise> waiting;
  };

  void fetch(const std::shared_ptr<Fetch>& fetch, Priority priority);
  void on_answer(const std::shared_ptr<Fetch>& fetch, std::size_t part, const Answered& answered);
  void finish(Fetch& fetch);
  FoundApplication prepare(Fetch& fetch);

  gate_actor storage_;
  std::shared_ptr<const mapping::Mapper> mapper_;
  std::function<Moment()> clock_;
  codec::Parser parser_;
  GenerationCache<std::string, FoundApplication> known_;
  std::unordered_map<std::string, std::shared_ptr<Fetch>> under_way_;
};

/// Parties and users, asked of Register in lists: while a list is under way the next one grows (decisions.md
/// D-13). What it is told goes into the book of people.
class Registry : public actor_base<register_actor> {
public:
  Registry(caf::actor_config& config, gate_actor api, std::shared_ptr<PeopleBook> people,
           std::function<Moment()> clock);
  const char* name() const override { return "register"; }
  behavior_type make_behavior() override;
  void on_exit() override; ///< lets go of promises: each holds its actor

private:
  using Key = PersonKey;
  struct KeyHash {
    std::size_t operator()(Key key) const {
      return std::hash<std::uint64_t>{}(static_cast<std::uint64_t>(key.id) * 2 + (key.is_user ? 1U : 0U));
    }
  };

  /// What was found is kept here: it may be forgotten before the last part of it arrives.
  struct Question {
    FoundParties found;
    std::size_t missing = 0;
    caf::typed_response_promise<FoundParties> promise;
  };

  caf::result<FoundParties> on_find(const FindParties& find);
  void want(Key key, const std::shared_ptr<Question>& question);
  void ask_next();
  bool may_ask(Moment now) const;
  void over(Moment asked);
  void on_answer(const std::vector<Key>& keys, const Answered& answered);
  void give_up(const std::vector<Key>& keys, const Problem& problem, const std::optional<Held>& held);
  template <class Note>
  void settle(Key key, Note note);
  static void note(FoundParties& found, Key key, const KnownUrn& urn);

  gate_actor api_;
  std::shared_ptr<PeopleBook> people_;
  std::function<Moment()> clock_;
  codec::Parser parser_;
  std::unordered_map<Key, std::vector<std::shared_ptr<Question>>, KeyHash> waiting_;
  std::vector<Key> next_;                      ///< wanted, not asked yet
  Priority next_priority_ = Priority::history; ///< the most urgent of those that ask, if more than usual
  std::vector<Moment> under_way_;              ///< lists: when they were asked for
};

} // namespace dialogferry::engine
