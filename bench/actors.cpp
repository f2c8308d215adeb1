// What the engine's own actors cost, apart from HTTP: the real actors on one worker thread, in front of APIs,
// lookups and owners that answer at once.
#include "allocations.hpp"
#include "samples.hpp"
#include "support/filled_ledger.hpp"
#include "support/folder.hpp"

#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/ledger_writer.hpp>
#include <dialogferry/engine/limit/gate.hpp>
#include <dialogferry/source/storage.hpp>

#include <fmt/format.h>

#include <functional>
#include <future>
#include <map>
#include <unordered_map>

/// So many operations, please; answered by keeping the promise.
struct Go {
  std::int64_t count = 0;
  std::shared_ptr<std::promise<bool>> done;
};

DIALOGFERRY_LOCAL_MESSAGE(Go)

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

Moment steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

/// The engine's scheduling policy, with one worker: what is measured is one core's.
struct OneWorker : caf::actor_system_config {
  OneWorker() {
    set("scheduler.max-threads", std::size_t{1});
    set("scheduler.policy", caf::atom("sharing"));
  }
};

struct World {
  OneWorker config;
  caf::actor_system system{config};
};

/// Runs `count` operations at the actor and tells whether all went well.
template <class Actor>
bool drive(const Actor& actor, std::int64_t count) {
  auto done = std::make_shared<std::promise<bool>>();
  caf::anon_send(actor, Go{count, done});
  return done->get_future().get();
}

template <class Actor>
void measure(benchmark::State& state, const Actor& actor, std::int64_t batch) {
  if (!drive(actor, batch)) return state.SkipWithError("an operation has failed"); // warms up
  const bench::AllocationCount allocations(state);
  while (state.KeepRunningBatch(batch))
    if (!drive(actor, batch)) return state.SkipWithError("an operation has failed");
  state.SetItemsProcessed(state.iterations());
}

/// Keeps a window of operations in flight; `ask` begins one and calls back when it has been answered.
class Driver : public caf::event_based_actor {
public:
  using Ask = std::function<void(caf::event_based_actor&, std::function<void(bool)>)>;

  Driver(caf::actor_config& config, Ask ask, std::int64_t window)
      : caf::event_based_actor(config)
      , ask_(std::move(ask))
      , window_(window) {}

  caf::behavior make_behavior() override {
    return {[this](const Go& go) {
      done_ = go.done;
      left_ = missing_ = go.count;
      good_ = true;
      for (std::int64_t i = 0; i < window_; ++i)
        next();
    }};
  }
  void on_exit() override { ask_ = nullptr; }

private:
  void next() {
    if (left_ == 0) return;
    --left_;
    ask_(*this, [this](bool good) {
      good_ &= good;
      next();
      if (--missing_ == 0) done_->set_value(good_);
    });
  }

  Ask ask_;
  std::int64_t window_;
  std::int64_t left_ = 0;
  std::int64_t missing_ = 0;
  bool good_ = true;
  std::shared_ptr<std::promise<bool>> done_;
};

/// An API that answers at once.
using AnswerAtOnce = std::function<http::Response(const http::Request&)>;

gate_actor spawn_gate_to(caf::actor_system& system, AnswerAtOnce answer) {
  GateSetup setup;
  setup.api = "api";
  setup.rate = {0, 1, 64, true};
  setup.probe = std::make_shared<const http::Request>();
  setup.send = [answer = std::move(answer)](const std::shared_ptr<const http::Request>& request,
                                            const http::Handler& handler, std::chrono::milliseconds,
                                            const http::Trace&) { handler(answer(*request)); };
  setup.clock = steady;
  return spawn_gate(system, std::move(setup));
}

http::Response response(int status, std::string body = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

template <class Actor>
void end(const Actor& actor) {
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
}

// -- gate ---------------------------------------------------------------------------

/// A call to a gate, through limiter and client, and its answer.
void gate_call(benchmark::State& state) {
  World world;
  const auto gate = spawn_gate_to(world.system, [](const http::Request&) { return response(200); });
  http::Request wanted;
  wanted.target = "/storage/api/v1/instances/1/2/events";
  const auto request = std::make_shared<const http::Request>(std::move(wanted));
  const auto driver = world.system.spawn<Driver>(
      [gate, request](caf::event_based_actor& self, const std::function<void(bool)>& done) {
        self.request(gate, caf::infinite, Call{request})
            .then([done](const Answered& answered) { done(answered.verdict.status == 200); },
                  [done](const caf::error&) { done(false); });
      },
      state.range(0));
  measure(state, driver, 20'000);
  end(driver);
  end(gate);
}
BENCHMARK(gate_call)
    ->ArgName("in flight")
    ->Arg(1)
    ->Arg(64)
    ->MinTime(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// -- ledger writer --------------------------------------------------------------------

/// A page's progress to the ledger writer and its acknowledgement, eight shards on a real file.
void ledger_progress(benchmark::State& state) {
  const bench::Folder folder;
  const Instant now{20412 * Instant::per_day};
  auto opened = ledger::open("sqlite:" + folder.file("ferry.db"), "local", ledger::OpenMode::engine, now);
  if (!opened) return state.SkipWithError(opened.error().message.c_str());
  std::vector<ledger::ShardStart> starts;
  for (std::int32_t i = 0; i < 8; ++i) {
    const Day day{20406 - i};
    starts.push_back({{"a3-app-instances-historic", "carry", day, "skd", 0}, day.start(), day.end()});
  }
  bench::require((*opened)->start_shards(starts, now));

  World world;
  const auto writer = spawn_ledger_writer(world.system, {std::move(*opened), [now] { return now; }, {}});
  const auto driver = world.system.spawn<Driver>(
      [writer, starts, next = std::size_t{0}](caf::event_based_actor& self,
                                              const std::function<void(bool)>& done) mutable {
        self.request(writer, caf::infinite, NoteProgress{bench::page_of(starts[next++ % starts.size()].key)})
            .then([done](const Noted& noted) { done(!noted.problem); },
                  [done](const caf::error&) { done(false); });
      },
      state.range(0));
  measure(state, driver, 2'000);
  end(driver);
  end(writer);
}
BENCHMARK(ledger_progress)
    ->ArgName("in flight")
    ->Arg(1)
    ->Arg(8)
    ->Arg(64)
    ->MinTime(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// -- the way of a record ----------------------------------------------------------------

/// Records that differ in their ids alone, and what the platform knows of them.
struct Records {
  std::shared_ptr<const codec::Page> page;
  std::unordered_map<std::string, std::string> events; ///< by the target of the request
  std::map<std::string, FoundApplication, std::less<>> applications;
  std::map<std::int64_t, std::string> people; ///< parties and users
  std::shared_ptr<const mapping::Mapper> mapper = std::make_shared<const mapping::Mapper>();
};

constexpr std::size_t record_count = 2000;

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

std::shared_ptr<const Records> make_records() {
  auto records = std::make_shared<Records>();
  const auto samples = bench::load_samples(*records->mapper);
  codec::Parser parser;
  std::string body = R"({"count":0,"instances":[)";
  for (std::size_t i = 0; i < record_count; ++i) {
    const auto& sample = samples[i % samples.size()];
    const auto instance = codec::read_instance(parser, sample.instance.view()).value();
    std::string text(sample.instance.text());
    replace_all(text, std::string(instance.id.substr(instance.id.find('/') + 1)),
                fmt::format("01971b2e-0000-4000-8000-{:012x}", i));
    body.append(i > 0 ? "," : "").append(text);
    records->applications[std::string(instance.app_id)] = {sample.application, {}};
    records->people[std::stoll(std::string(instance.party_id))] = sample.urns.front();
    for (const auto& user : sample.users)
      records->people[user.id] = user.urn;
  }
  auto page = codec::split_page(parser, std::make_shared<const codec::Document>(body + "]}"));
  records->page = std::make_shared<const codec::Page>(std::move(page.value()));
  for (std::size_t i = 0; i < record_count; ++i)
    records->events[source::storage::events(records->page->rows[i].id).target] =
        samples[i % samples.size()].events.text();
  return records;
}

register_actor spawn_registry(caf::actor_system& system, std::shared_ptr<const Records> records) {
  return system.spawn([records](register_actor::pointer) -> register_actor::behavior_type {
    return {[records](const FindParties& find) {
      FoundParties found;
      for (const auto id : find.parties)
        found.parties.emplace_back(id, records->people.at(id));
      for (const auto id : find.users)
        if (const auto user = records->people.find(id); user != records->people.end())
          found.users.emplace_back(id, user->second);
      return found;
    }};
  });
}

metadata_actor spawn_metadata(caf::actor_system& system, std::shared_ptr<const Records> records) {
  return system.spawn([records](metadata_actor::pointer) -> metadata_actor::behavior_type {
    return {[records](const FindApplication& find) { return records->applications.at(find.app_id); }};
  });
}

using owner_actor = record_owner::extend<takes<Go>>;

/// Hands records to a carrier, as many at a time as a shard does, so many hands in flight.
class Owner : public owner_actor::base {
public:
  static constexpr std::size_t hand = 25;
  static constexpr std::size_t hands_in_flight = 32;

  Owner(caf::actor_config& config, carrier_actor carrier, std::shared_ptr<const Records> records)
      : owner_actor::base(config)
      , carrier_(std::move(carrier))
      , records_(std::move(records)) {}

  behavior_type make_behavior() override {
    return {
        [this](const RecordsDone& list) {
          for (const auto& done : list.items)
            take(done);
        },
        [this](const Go& go) {
          done_ = go.done;
          left_ = missing_ = go.count;
          good_ = true;
          for (std::size_t i = 0; i < hands_in_flight; ++i)
            give();
        },
    };
  }
  void on_exit() override { carrier_ = nullptr; }

private:
  void take(const RecordDone& done) {
    good_ &= done.result.outcome != Outcome::failed;
    if (--hands_[done.batch] == 0) {
      hands_.erase(done.batch);
      give();
    }
    if (--missing_ == 0) done_->set_value(good_);
  }
  void give() {
    if (left_ == 0) return;
    const auto batch = next_batch_++;
    Carry carry{record_owner{this}, {}, Moment{}, true, Priority::history};
    for (std::size_t i = 0; i < hand && left_ > 0; ++i, --left_) {
      carry.jobs.push_back(
          {records_->page, records_->page->rows[next_], batch, static_cast<std::uint32_t>(i)});
      next_ = (next_ + 1) % record_count;
    }
    hands_[batch] = carry.jobs.size();
    send(carrier_, std::move(carry));
  }

  carrier_actor carrier_;
  std::shared_ptr<const Records> records_;
  std::unordered_map<std::uint64_t, std::size_t> hands_;
  std::uint64_t next_batch_ = 0;
  std::size_t next_ = 0;
  std::int64_t left_ = 0;
  std::int64_t missing_ = 0;
  bool good_ = true;
  std::shared_ptr<std::promise<bool>> done_;
};

/// A record from its list row to its outcome: carrier, gate of Storage, mapping, uploader, gate of
/// Dialogporten.
void carry_record(benchmark::State& state) {
  static const auto records = make_records();
  World world;
  const auto storage = spawn_gate_to(world.system, [](const http::Request& request) {
    auto answer = response(200);
    answer.body.reserve(records->events.at(request.target).size() + http::body_padding);
    answer.body += records->events.at(request.target);
    return answer;
  });
  const auto dialogporten = spawn_gate_to(world.system, [](const http::Request&) { return response(201); });
  const auto registry = spawn_registry(world.system, records);
  const auto metadata = spawn_metadata(world.system, records);
  UploaderSetup uploads;
  uploads.storage = storage;
  uploads.dialogporten = dialogporten;
  uploads.clock = steady;
  const uploader_actor uploader = world.system.spawn<Uploader>(uploads);
  CarrierSetup setup;
  setup.storage = storage;
  setup.dialogporten = dialogporten;
  setup.metadata = metadata;
  setup.registry = registry;
  setup.people = std::make_shared<const PeopleBook>(lookup_age);
  setup.uploaders = {uploader};
  setup.mapper = records->mapper;
  setup.now = system_now;
  setup.clock = steady;
  const carrier_actor carrier = world.system.spawn<Carrier>(setup);
  const owner_actor owner = world.system.spawn<Owner>(carrier, records);
  measure(state, owner, 10'000);
  end(owner);
  end(carrier);
  end(uploader);
  end(metadata);
  end(registry);
  end(storage);
  end(dialogporten);
}
BENCHMARK(carry_record)->MinTime(1)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
