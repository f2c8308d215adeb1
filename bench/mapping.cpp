#include "allocations.hpp"
#include "samples.hpp"

#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>

using namespace dialogferry;

namespace {

struct Fixture {
  mapping::Mapper mapper;
  std::vector<bench::Sample> samples = bench::load_samples(mapper);
};

const Fixture& fixture() {
  static const Fixture loaded;
  return loaded;
}

Result<mapping::Decision> decide(const mapping::Mapper& mapper, const bench::Sample& sample,
                                 const codec::Instance& instance, const codec::Events& events) {
  return mapper.decide({.instance = &instance,
                        .events = &events,
                        .application = sample.application.get(),
                        .party_urn = sample.urns.front(),
                        .users = sample.users,
                        .existing = nullptr,
                        .is_migration = sample.is_migration,
                        .now = sample.now});
}

/// A record from its JSON to the body of the create request: what one core does per record.
void decode_map_encode(benchmark::State& state) {
  const auto& [mapper, samples] = fixture();
  codec::Parser parser;
  std::size_t next = 0;
  std::size_t bytes_out = 0;
  const bench::AllocationCount allocations(state);
  for (auto _ : state) {
    const auto& sample = samples[next];
    next = next + 1 == samples.size() ? 0 : next + 1;
    const auto instance = codec::read_instance(parser, sample.instance.view());
    const auto events = codec::read_events(parser, sample.events.view());
    if (!instance || !events) return state.SkipWithError("a sample cannot be read");
    const auto decision = decide(mapper, sample, *instance, *events);
    if (!decision) return state.SkipWithError(decision.error().message.c_str());
    bytes_out += decision->body.size();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes_out));
}
BENCHMARK(decode_map_encode);

/// The same from decoded records: mapping and encoding alone.
void map_encode(benchmark::State& state) {
  const auto& [mapper, samples] = fixture();
  codec::Parser parser;
  std::vector<codec::Instance> instances;
  std::vector<codec::Events> events;
  for (const auto& sample : samples) {
    instances.push_back(codec::read_instance(parser, sample.instance.view()).value());
    events.push_back(codec::read_events(parser, sample.events.view()).value());
  }
  std::size_t next = 0;
  const bench::AllocationCount allocations(state);
  for (auto _ : state) {
    const auto decision = decide(mapper, samples[next], instances[next], events[next]);
    benchmark::DoNotOptimize(decision);
    next = next + 1 == samples.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(map_encode);

} // namespace
