#include "actor_fixture.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>

namespace dialogferry::engine::test {

namespace {

/// The coordinator tells that a timeout waits, not when.
struct Schedule : caf::detail::test_actor_clock {
  static auto member() { return &Schedule::schedule_; }
};

} // namespace

World::Config::Config() {
  set("scheduler.policy", caf::atom("testing"));
}

World::World()
    : system(config_)
    , scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {}

World::~World() {
  for (const auto& actor : spawned_)
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  run();
}

// -- time ---------------------------------------------------------------------------

Moment World::now() const {
  return scheduler_.clock().now().time_since_epoch();
}

std::function<Moment()> World::clock() const {
  return [this] { return now(); };
}

Instant World::instant() const {
  return {begin_.ticks + now().count() / 100};
}

std::function<Instant()> World::instants() const {
  return [this] { return instant(); };
}

void World::run() {
  scheduler_.run();
}

void World::advance(Moment span) {
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

bool World::advance_until(Moment span, const std::function<bool()>& done) {
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

std::optional<Moment> World::next_due() const {
  const auto& schedule = scheduler_.clock().*Schedule::member();
  if (schedule.empty()) return std::nullopt;
  return schedule.begin()->first.time_since_epoch();
}

// -- actors -------------------------------------------------------------------------

caf::actor World::spawn_as(const Behaviour& behaviour) {
  auto actor = system.spawn(behaviour);
  keep(actor);
  return actor;
}

caf::actor World::spawn_stand_in(const Handlers& special, const caf::message_handler& handlers) {
  return spawn_as([=](caf::event_based_actor* self) -> caf::behavior {
    const auto all = special ? special(self).or_else(handlers) : handlers;
    return all.or_else([](Act& act) { act.what(); });
  });
}

void World::act(const caf::actor& actor, std::function<void()> what) {
  caf::anon_send(actor, Act{std::move(what)});
  run();
}

void World::request(const caf::actor& actor, caf::message question, caf::behavior on_answer) {
  keep(system.spawn([=](caf::event_based_actor* self) {
    const auto asked = self->request(actor, caf::infinite, question);
    self->add_multiplexed_response_handler(asked.id(), on_answer);
  }));
}

void World::send(const caf::strong_actor_ptr& sender, const caf::actor& actor, caf::message message) {
  if (actor) actor->eq_impl(caf::make_message_id(), sender, nullptr, std::move(message));
  run();
}

// -- answers of an API --------------------------------------------------------------

http::Response response(int status, std::string body, std::string etag) {
  http::Response made;
  made.status = status;
  made.body = std::move(body);
  made.etag = std::move(etag);
  return made;
}

http::Response throttled(std::chrono::milliseconds retry_after, int status) {
  auto made = response(status);
  made.retry_after = retry_after;
  return made;
}

http::Answer no_answer(http::TransportFault kind) {
  return tl::unexpected(http::TransportError{kind, "the connection ended"});
}

Answered answered(http::Operation operation, http::Answer answer, std::uint32_t attempts) {
  auto verdict = http::classify(operation, answer);
  return {std::move(verdict), std::make_shared<http::Answer>(std::move(answer)), attempts};
}

// -- what most tests use ------------------------------------------------------------

template caf::message message_of(Call);
template caf::message message_of(Drain);
template caf::message message_of(NewEvents);
template caf::message message_of(NoteEvents);
template caf::message message_of(Proceed);
template caf::message message_of(Steer);
template caf::message message_of(Upload);

template struct Desk<Call, Answered>;
template struct Desk<Upload, Uploaded>;
template struct Desk<Publish, Published>;
template struct Desk<FindApplication, FoundApplication>;
template struct Desk<FindParties, FoundParties>;

template struct Reply<Answered>;
template struct Reply<Noted>;
template struct Reply<Uploaded>;

} // namespace dialogferry::engine::test
