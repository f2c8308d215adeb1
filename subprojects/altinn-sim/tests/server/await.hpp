#pragma once

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

namespace altinn_sim::test {

/// Lets a condition come true, or fails.
template <class Condition>
void await(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::yield();
  }
}

} // namespace altinn_sim::test
