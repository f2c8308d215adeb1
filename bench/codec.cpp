#include "allocations.hpp"
#include "samples.hpp"

#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>
#include <dialogferry/codec/page.hpp>

using namespace dialogferry;

namespace {

const std::vector<bench::Sample>& samples() {
  static const mapping::Mapper mapper;
  static const std::vector<bench::Sample> loaded = bench::load_samples(mapper);
  return loaded;
}

/// A page of a hundred rows, as Storage answers it.
std::shared_ptr<const codec::Document> hundred_rows() {
  std::string text = R"({"count":100,"self":"x","next":"https://x/y?continuationToken=1","instances":[)";
  for (std::size_t i = 0; i < 100; ++i) {
    if (i > 0) text += ',';
    text += samples()[i % samples().size()].instance.text();
  }
  text += "]}";
  return std::make_shared<const codec::Document>(std::move(text));
}

void split_page(benchmark::State& state) {
  const auto body = hundred_rows();
  codec::Parser parser;
  const bench::AllocationCount allocations(state);
  for (auto _ : state) {
    const auto page = codec::split_page(parser, body);
    if (!page || page->rows.size() != 100) return state.SkipWithError("the page cannot be read");
  }
  state.SetItemsProcessed(state.iterations() * 100);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body->text().size()));
}
BENCHMARK(split_page);

void read_instance(benchmark::State& state) {
  codec::Parser parser;
  std::size_t next = 0;
  std::size_t bytes = 0;
  const bench::AllocationCount allocations(state);
  for (auto _ : state) {
    const auto& sample = samples()[next];
    next = next + 1 == samples().size() ? 0 : next + 1;
    const auto instance = codec::read_instance(parser, sample.instance.view());
    if (!instance) return state.SkipWithError("a sample cannot be read");
    bytes += sample.instance.text().size();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(read_instance);

void read_events(benchmark::State& state) {
  codec::Parser parser;
  std::size_t next = 0;
  const bench::AllocationCount allocations(state);
  for (auto _ : state) {
    const auto& sample = samples()[next];
    next = next + 1 == samples().size() ? 0 : next + 1;
    const auto events = codec::read_events(parser, sample.events.view());
    if (!events) return state.SkipWithError("a sample cannot be read");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_events);

} // namespace
