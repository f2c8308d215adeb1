#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/http/retry.hpp>

#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Actors on a scheduler that runs only when told, and a clock that stands still until it is moved: the same
/// messages in the same order, each time.
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

  void take(const In& in, const Give& give) {
    asked.push_back(in);
    if (at_once)
      if (const auto out = at_once(in)) return give(*out);
    open.emplace(asked.size() - 1, give);
  }

  caf::result<Out> take(caf::event_based_actor* self, const In& in) {
    auto promise = self->make_response_promise<Out>();
    take(in, [promise](const Out& out) mutable { promise.deliver(out); });
    return promise;
  }

  template <class Questions>
  void take_list(caf::event_based_actor* self, const Questions& list) {
    lists.push_back(list.items.size());
    const auto asker = caf::actor_cast<caf::actor>(self->current_sender());
    for (const auto& [number, in] : list.items)
      take(in, [self, asker, number = number](const Out& out) {
        self->send(asker, typename InLists<In>::Answered{{{number, out}}});
      });
  }
};

/// The answers one request got: none, or one.
template <class Out>
struct Reply {
  std::vector<Out> answers;
  std::vector<caf::error> errors;

  bool there() const { return !answers.empty() || !errors.empty(); }
  const Out& value() const {
    REQUIRE(errors.empty());
    REQUIRE(answers.size() == 1);
    return answers.front();
  }
};

class World {
public:
  World()
      : system(config_)
      , scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {}

  /// Ends every actor; the system waits for them.
  ~World() {
    for (const auto& actor : spawned_)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    run();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // -- time -------------------------------------------------------------------------

  Moment now() const { return scheduler_.clock().now().time_since_epoch(); }
  std::function<Moment()> clock() const {
    return [this] { return now(); };
  }
  Instant instant() const { return {begin_.ticks + now().count() / 100}; }
  std::function<Instant()> instants() const {
    return [this] { return instant(); };
  }

  /// Everything that can happen without time passing.
  void run() { scheduler_.run(); }

  /// Time passes; whatever is due on the way happens at its moment.
  void advance(Moment span) {
    const auto until = now() + span;
    run();
    while (const auto due = next_due()) {
      if (*due > until) break;
      scheduler_.advance_time(std::max(*due - now(), Moment{0}));
      run();
    }
    scheduler_.advance_time(until - now());
    run();
  }

  /// Time passes until `done`, at most `span`. Returns whether it was.
  bool advance_until(Moment span, const std::function<bool()>& done) {
    const auto until = now() + span;
    run();
    while (!done()) {
      const auto due = next_due();
      if (!due || *due > until) return false;
      scheduler_.advance_time(std::max(*due - now(), Moment{0}));
      run();
    }
    return true;
  }

  // -- actors -----------------------------------------------------------------------

  /// An actor that ends with the test.
  template <class Actor, class... Args>
  auto spawn(Args&&... args) {
    auto handle = system.spawn<Actor>(std::forward<Args>(args)...);
    keep(handle);
    return handle;
  }

  template <class Handle>
  void keep(const Handle& handle) {
    spawned_.push_back(caf::actor_cast<caf::actor>(handle));
  }

  /// A stand-in with these handlers, under the interface it stands in for.
  template <class Interface, class... Handlers>
  Interface stand_in(Handlers... handlers) {
    const auto actor = system.spawn([=](caf::event_based_actor*) -> caf::behavior {
      return {handlers..., [](Act& act) { act.what(); }};
    });
    keep(actor);
    return caf::actor_cast<Interface>(actor);
  }

  /// A stand-in that answers as its desk says, and does `handlers` besides.
  template <class Interface, class In, class Out, class... Handlers>
  Interface stand_in_of(const std::shared_ptr<Desk<In, Out>>& desk, Handlers... handlers) {
    desk->actor = system.spawn([=](caf::event_based_actor* self) -> caf::behavior {
      const auto one = [self, desk](const In& in) { return desk->take(self, in); };
      const auto act = [](Act& what) { what.what(); };
      if constexpr (InLists<In>::there)
        return {one,
                [self, desk](const typename InLists<In>::Questions& list) { desk->take_list(self, list); },
                handlers..., act};
      else
        return {one, handlers..., act};
    });
    keep(desk->actor);
    return caf::actor_cast<Interface>(desk->actor);
  }

  /// The answer to what a desk was asked as its `index`th.
  template <class In, class Out>
  void answer(const std::shared_ptr<Desk<In, Out>>& desk, std::size_t index, Out out) {
    const auto found = desk->open.find(index);
    REQUIRE(found != desk->open.end());
    const auto give = found->second;
    desk->open.erase(found);
    caf::anon_send(desk->actor, Act{[give, out] { give(out); }});
    run();
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
    auto reply = std::make_shared<Reply<Out>>();
    keep(system.spawn([=](caf::event_based_actor* self) {
      self->request(actor, caf::infinite, in)
          .then([reply](Out& out) { reply->answers.push_back(std::move(out)); },
                [reply](caf::error& error) { reply->errors.push_back(std::move(error)); });
    }));
    return reply;
  }

  template <class Handle, class Message>
  void tell(const Handle& actor, Message message) {
    caf::anon_send(actor, std::move(message));
    run();
  }

  /// As if another actor had said it.
  template <class Sender, class Handle, class Message>
  void tell_as(const Sender& sender, const Handle& actor, Message message) {
    caf::send_as(caf::actor_cast<caf::actor>(sender), caf::actor_cast<caf::actor>(actor), std::move(message));
    run();
  }

private:
  struct Config : caf::actor_system_config {
    Config() { set("scheduler.policy", caf::atom("testing")); }
  };

  /// The coordinator tells that a timeout waits, not when.
  struct Schedule : caf::detail::test_actor_clock {
    static auto member() { return &Schedule::schedule_; }
  };

  std::optional<Moment> next_due() const {
    const auto& schedule = scheduler_.clock().*Schedule::member();
    if (schedule.empty()) return std::nullopt;
    return schedule.begin()->first.time_since_epoch();
  }

  Config config_;
  Instant begin_ = *parse_instant("2025-11-17T12:00:00Z");
  std::vector<caf::actor> spawned_;

public:
  caf::actor_system system;

private:
  caf::scheduler::test_coordinator& scheduler_;
};

// -- answers of an API --------------------------------------------------------------

inline http::Response response(int status, std::string body = {}, std::string etag = {}) {
  http::Response made;
  made.status = status;
  made.body = std::move(body);
  made.etag = std::move(etag);
  return made;
}

inline http::Response throttled(std::chrono::milliseconds retry_after, int status = 429) {
  auto made = response(status);
  made.retry_after = retry_after;
  return made;
}

inline http::Answer no_answer(http::TransportFault kind = http::TransportFault::reset) {
  return tl::unexpected(http::TransportError{kind, "the connection ended"});
}

inline Answered answered(http::Operation operation, http::Answer answer, std::uint32_t attempts = 1) {
  auto verdict = http::classify(operation, answer);
  return {std::move(verdict), std::make_shared<http::Answer>(std::move(answer)), attempts};
}

} // namespace dialogferry::engine::test
