#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/http/retry.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace caf::scheduler {
class test_coordinator;
}

/// Actors on a scheduler that runs only when told, and a clock that stands still until it is moved: the same
/// messages in the same order, each time. Bodies are in the .cpp beside each fixture, so that they are
/// compiled once, not with every test; so are the templates that many tests use (at the end).
namespace dialogferry::engine::test {

/// Something for a stand-in to do in its own turn.
struct Act {
  std::function<void()> what;
};

} // namespace dialogferry::engine::test

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::test::Act)

namespace dialogferry::engine::test {

using namespace std::chrono_literals;

/// What is asked in lists as well, and how.
template <class In>
struct InLists {
  static constexpr bool there = false;
};
template <>
struct InLists<Call> {
  static constexpr bool there = true;
  using Questions = Calls;
  using Answered = Answers;
};
template <>
struct InLists<Upload> {
  static constexpr bool there = true;
  using Questions = Uploads;
  using Answered = UploadsDone;
};

/// A message with this content, as CAF sends it.
template <class Content>
caf::message message_of(Content content) {
  return caf::make_message(std::move(content));
}

/// What an actor does, made as it begins.
using Behaviour = std::function<caf::behavior(caf::event_based_actor*)>;
using Handlers = std::function<caf::message_handler(caf::event_based_actor*)>;

/// What one stand-in was asked, and its answers: at once where `at_once` has one, later through
/// World::answer() where it has none.
template <class In, class Out>
struct Desk {
  using Give = std::function<void(const Out&)>;

  std::vector<In> asked;
  std::function<std::optional<Out>(const In&)> at_once;
  std::map<std::size_t, Give> open; ///< by index into `asked`
  std::vector<std::size_t> lists;   ///< questions of each list that came
  caf::actor actor;

  void take(const In& in, const Give& give);
  caf::response_promise take(caf::event_based_actor* self, const In& in);
  template <class Questions>
  void take_list(caf::event_based_actor* self, const Questions& list);

  /// Gives the `index`th question its answer when it is called; the question is open no more.
  std::function<void()> close(std::size_t index, Out out);

  /// What a stand-in does that answers as this desk says.
  static Handlers handlers(const std::shared_ptr<Desk>& desk);
};

/// The answers one request got: none, or one.
template <class Out>
struct Reply {
  std::vector<Out> answers;
  std::vector<caf::error> errors;

  bool there() const { return !answers.empty() || !errors.empty(); }
  const Out& value() const;

  /// Takes what comes, into a reply.
  static caf::behavior handlers(const std::shared_ptr<Reply>& reply);
};

class World {
public:
  World();
  /// Ends every actor; the system waits for them.
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // -- time -------------------------------------------------------------------------

  Moment now() const;
  std::function<Moment()> clock() const;
  Instant instant() const;
  std::function<Instant()> instants() const;

  /// Everything that can happen without time passing.
  void run();

  /// Time passes; whatever is due on the way happens at its moment.
  void advance(Moment span);

  /// Time passes until `done`, at most `span`. Returns whether it was.
  bool advance_until(Moment span, const std::function<bool()>& done);

  // -- actors -----------------------------------------------------------------------

  /// An actor that ends with the test.
  template <class Actor, class... Args>
  auto spawn(Args&&... args) {
    auto handle = system.spawn<Actor>(std::forward<Args>(args)...);
    keep(handle);
    return handle;
  }
  /// An actor that behaves so, and ends with the test.
  caf::actor spawn_as(const Behaviour& behaviour);

  template <class Handle>
  void keep(const Handle& handle) {
    spawned_.push_back(caf::actor_cast<caf::actor>(handle));
  }

  /// A stand-in with these handlers, under the interface it stands in for.
  template <class Interface, class... Some>
  Interface stand_in(Some... handlers) {
    return caf::actor_cast<Interface>(spawn_stand_in({}, caf::message_handler(std::move(handlers)...)));
  }

  /// A stand-in that answers as its desk says, and does `handlers` besides.
  template <class Interface, class In, class Out, class... Some>
  Interface stand_in_of(const std::shared_ptr<Desk<In, Out>>& desk, Some... handlers) {
    desk->actor = spawn_stand_in(Desk<In, Out>::handlers(desk), caf::message_handler(std::move(handlers)...));
    return caf::actor_cast<Interface>(desk->actor);
  }

  /// The answer to what a desk was asked as its `index`th.
  template <class In, class Out>
  void answer(const std::shared_ptr<Desk<In, Out>>& desk, std::size_t index, Out out) {
    act(desk->actor, desk->close(index, std::move(out)));
  }

  template <class Out, class Handle, class In>
  std::shared_ptr<Reply<Out>> ask(const Handle& actor, In in) {
    auto reply = ask_later<Out>(actor, std::move(in));
    run();
    return reply;
  }

  /// Asks in the next run(): several of these come in one turn.
  template <class Out, class Handle, class In>
  std::shared_ptr<Reply<Out>> ask_later(const Handle& actor, In in) {
    static_assert(std::is_same_v<typename Told<Handle, In>::tuple_type, std::tuple<Out>>);
    auto reply = std::make_shared<Reply<Out>>();
    request(caf::actor_cast<caf::actor>(actor), message_of(std::move(in)), Reply<Out>::handlers(reply));
    return reply;
  }

  template <class Handle, class Message>
  void tell(const Handle& actor, Message message) {
    static_assert(Told<Handle, Message>::valid);
    send(nullptr, caf::actor_cast<caf::actor>(actor), message_of(std::move(message)));
  }

  /// As if another actor had said it.
  template <class Sender, class Handle, class Message>
  void tell_as(const Sender& sender, const Handle& actor, Message message) {
    send(caf::actor_cast<caf::strong_actor_ptr>(sender), caf::actor_cast<caf::actor>(actor),
         message_of(std::move(message)));
  }

private:
  struct Config : caf::actor_system_config {
    Config();
  };

  /// What an interface says of a message; it is sent through an untyped handle, which says nothing.
  template <class Handle, class Message>
  using Told = caf::response_type<caf::signatures_of_t<Handle>, Message>;

  std::optional<Moment> next_due() const;
  /// Does `special`, if any, and `handlers`.
  caf::actor spawn_stand_in(const Handlers& special, const caf::message_handler& handlers);
  /// `actor` does it in its own turn.
  void act(const caf::actor& actor, std::function<void()> what);
  /// `on_answer` takes what `actor` answers, or an error.
  void request(const caf::actor& actor, caf::message question, caf::behavior on_answer);
  /// At once; without a sender where it is null.
  void send(const caf::strong_actor_ptr& sender, const caf::actor& actor, caf::message message);

  Config config_;
  Instant begin_ = *parse_instant("2025-11-17T12:00:00Z");
  std::vector<caf::actor> spawned_;

public:
  caf::actor_system system;

private:
  caf::scheduler::test_coordinator& scheduler_;
};

// -- answers of an API --------------------------------------------------------------

http::Response response(int status, std::string body = {}, std::string etag = {});
http::Response throttled(std::chrono::milliseconds retry_after, int status = 429);
http::Answer no_answer(http::TransportFault kind = http::TransportFault::reset);
Answered answered(http::Operation operation, http::Answer answer, std::uint32_t attempts = 1);

// -- templates ----------------------------------------------------------------------

template <class In, class Out>
void Desk<In, Out>::take(const In& in, const Give& give) {
  asked.push_back(in);
  if (at_once)
    if (const auto out = at_once(in)) return give(*out);
  open.emplace(asked.size() - 1, give);
}

template <class In, class Out>
caf::response_promise Desk<In, Out>::take(caf::event_based_actor* self, const In& in) {
  auto promise = self->make_response_promise();
  take(in, [promise](const Out& out) mutable { promise.deliver(message_of(out)); });
  return promise;
}

template <class In, class Out>
template <class Questions>
void Desk<In, Out>::take_list(caf::event_based_actor* self, const Questions& list) {
  lists.push_back(list.items.size());
  const auto asker = caf::actor_cast<caf::actor>(self->current_sender());
  for (const auto& [number, in] : list.items)
    take(in, [self, asker, number = number](const Out& out) {
      self->send(asker, typename InLists<In>::Answered{{{number, out}}});
    });
}

template <class In, class Out>
std::function<void()> Desk<In, Out>::close(std::size_t index, Out out) {
  const auto found = open.find(index);
  REQUIRE(found != open.end());
  const auto give = found->second;
  open.erase(found);
  return [give, out = std::move(out)] { give(out); };
}

template <class In, class Out>
Handlers Desk<In, Out>::handlers(const std::shared_ptr<Desk>& desk) {
  return [desk](caf::event_based_actor* self) -> caf::message_handler {
    const auto one = [self, desk](const In& in) { return desk->take(self, in); };
    if constexpr (InLists<In>::there)
      return {one,
              [self, desk](const typename InLists<In>::Questions& list) { desk->take_list(self, list); }};
    else
      return {one};
  };
}

template <class Out>
const Out& Reply<Out>::value() const {
  REQUIRE(errors.empty());
  REQUIRE(answers.size() == 1);
  return answers.front();
}

template <class Out>
caf::behavior Reply<Out>::handlers(const std::shared_ptr<Reply>& reply) {
  return {[reply](Out& out) { reply->answers.push_back(std::move(out)); },
          [reply](caf::error& error) { reply->errors.push_back(std::move(error)); }};
}

// -- what most tests use ------------------------------------------------------------

extern template caf::message message_of(Call);
extern template caf::message message_of(Drain);
extern template caf::message message_of(NewEvents);
extern template caf::message message_of(NoteEvents);
extern template caf::message message_of(Proceed);
extern template caf::message message_of(Steer);
extern template caf::message message_of(Upload);

extern template struct Desk<Call, Answered>;
extern template struct Desk<Upload, Uploaded>;
extern template struct Desk<Publish, Published>;
extern template struct Desk<FindApplication, FoundApplication>;
extern template struct Desk<FindParties, FoundParties>;

extern template struct Reply<Answered>;
extern template struct Reply<Noted>;
extern template struct Reply<Uploaded>;

} // namespace dialogferry::engine::test
