#include <dialogferry/engine/duties.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

using Strings = std::vector<std::string>;

const auto stage = duty_of("a3-app-instances-live", "carry");

/// What an engine that has all of it hears, but of these partitions that are too many.
ledger::Heard heard(const ledger::News& news, Strings too_many = {}) {
  ledger::Heard heard{news.duties};
  for (const auto& pool : news.pools)
    for (const auto& duty : pool.duties)
      if (std::find(news.returned.begin(), news.returned.end(), duty) == news.returned.end())
        heard.duties.push_back(duty);
  heard.too_many = std::move(too_many);
  return heard;
}

ledger::News told(Duties& duties) {
  ledger::News news;
  duties.tell(news);
  return news;
}

} // namespace

TEST_CASE("A duty is told of once, and had when the ledger says so", "[engine][duties]") {
  Duties duties;
  CHECK(duties.want("patrol"));
  CHECK_FALSE(duties.want("patrol"));
  CHECK_FALSE(duties.has("patrol"));
  const auto news = told(duties);
  CHECK(news.duties == Strings{"patrol"});
  CHECK(news.pools.empty());
  duties.hear(heard(news));
  CHECK(duties.has("patrol"));
  duties.hear({});
  CHECK_FALSE(duties.has("patrol"));
}

TEST_CASE("A live stage is shared by 64 partitions and its streams", "[engine][duties]") {
  Duties duties;
  CHECK(duties.share_of(stage) == Share{});
  CHECK(duties.want_share(stage, {"skd", "ttd"}, {}));
  CHECK_FALSE(duties.want_share(stage, {"skd", "ttd"}, {}));
  const auto news = told(duties);
  REQUIRE(news.pools.size() == 2);
  CHECK(news.pools[0].name == "a3-app-instances-live/carry");
  CHECK(news.pools[0].duties.size() == 64);
  CHECK(news.pools[0].duties[7] == "a3-app-instances-live/carry/07");
  CHECK(news.pools[1].name == "a3-app-instances-live/carry/streams");
  CHECK(news.pools[1].duties ==
        Strings{"a3-app-instances-live/carry/stream/skd", "a3-app-instances-live/carry/stream/ttd"});
  CHECK(duties.share_of(stage) == Share{});
  duties.hear(heard(news));
  CHECK(duties.share_of(stage) == Share{ledger::all_partitions(), {"skd", "ttd"}});
  CHECK(duties.want_share(stage, {"nav", "skd", "ttd"}, {}));
  CHECK(told(duties).pools[1].duties.size() == 3);
}

TEST_CASE("What is too much is not begun any more, and given back once nothing of it is under way",
          "[engine][duties]") {
  Duties duties;
  duties.want_share(stage, {"skd", "ttd"}, {});
  duties.hear(heard(told(duties)));
  const auto all = duties.share_of(stage);
  CHECK_FALSE(duties.want_share(stage, {"skd", "ttd"}, all));
  const Strings too_many = {stage + "/62", stage + "/63", stage + "/stream/ttd"};
  auto news = told(duties);
  CHECK(news.returned.empty());
  duties.hear(heard(news, too_many));

  auto fewer = all;
  fewer.partitions.reset(62).reset(63);
  fewer.streams = {"skd"};
  CHECK(duties.share_of(stage) == fewer);
  CHECK_FALSE(duties.want_share(stage, {"skd", "ttd"}, all)); // the feed has not heard of it
  auto in_use = fewer;
  in_use.partitions.set(63);
  CHECK(duties.want_share(stage, {"skd", "ttd"}, in_use));
  news = told(duties);
  CHECK(news.returned == Strings{stage + "/62", stage + "/stream/ttd"});
  CHECK_FALSE(duties.has(stage + "/62"));
  duties.hear(heard(news, {stage + "/63"}));
  CHECK(duties.share_of(stage) == fewer);
  CHECK(duties.want_share(stage, {"skd", "ttd"}, fewer));
  CHECK(told(duties).returned == Strings{stage + "/63"});
  CHECK(told(duties).returned.empty());
}
