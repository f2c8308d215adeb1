#include "live/agenda.hpp"

#include "await.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <memory>

using namespace altinn_sim;
using test::await;
using namespace std::chrono_literals;

TEST_CASE("what is repeated is done at once, again and again, and not after it has said that it ends") {
  live::PlatformClock clock;
  live::Agenda agenda(clock);
  std::atomic<int> done{0};
  std::atomic<int> others{0};
  agenda.repeat(1ms, [&] { return ++done < 3; });
  agenda.repeat(1ms, [&] { return ++others < 30; });
  await([&] { return others == 30; });
  CHECK(done == 3);
}

TEST_CASE("an agenda that is stopped lets go of what it repeats") {
  const auto kept = std::make_shared<std::atomic<int>>(0);
  {
    live::PlatformClock clock;
    live::Agenda agenda(clock);
    agenda.repeat(1h, [kept] {
      ++*kept;
      return true;
    });
    await([&] { return *kept == 1; });
  }
  CHECK(*kept == 1);
  CHECK(kept.use_count() == 1);
}
