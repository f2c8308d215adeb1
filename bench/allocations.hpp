#pragma once

#include <atomic>
#include <benchmark/benchmark.h>
#include <cstdint>

/// Counts what `operator new` gives out in a program that links allocations.cpp.
namespace bench {

extern std::atomic<std::uint64_t> allocated_bytes;
extern std::atomic<std::uint64_t> allocations;

/// Adds bytes and number of allocations per operation to a benchmark's counters.
class AllocationCount {
public:
  explicit AllocationCount(benchmark::State& state)
      : state_(state) {}
  ~AllocationCount() {
    const auto each = [&](std::uint64_t count) {
      return benchmark::Counter(static_cast<double>(count), benchmark::Counter::kAvgIterations);
    };
    state_.counters["bytes_per_op"] = each(allocated_bytes - bytes_before_);
    state_.counters["allocs_per_op"] = each(allocations - count_before_);
  }
  AllocationCount(const AllocationCount&) = delete;
  AllocationCount& operator=(const AllocationCount&) = delete;

private:
  benchmark::State& state_;
  std::uint64_t bytes_before_ = allocated_bytes;
  std::uint64_t count_before_ = allocations;
};

} // namespace bench
