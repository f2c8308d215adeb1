#include <dialogferry/http/body_store.hpp>

#include <catch2/catch.hpp>

using dialogferry::http::BodyStore;

TEST_CASE("A large buffer that was given back is taken for the next large body", "[http]") {
  BodyStore store(4);
  auto page = store.take(340'000);
  page.append(340'000, 'x');
  const auto* const at = page.data();
  store.give(std::move(page));
  REQUIRE(store.kept() == 1);

  const auto small = store.take(2'000);
  CHECK(small.data() != at);
  CHECK(store.kept() == 1);

  const auto next = store.take(345'000);
  CHECK(next.data() == at);
  CHECK(next.empty());
  CHECK(next.capacity() >= 345'000);
  CHECK(store.kept() == 0);
}

TEST_CASE("A buffer that is too small for what is asked grows", "[http]") {
  BodyStore store(4);
  store.give(store.take(BodyStore::large));
  REQUIRE(store.kept() == 1);
  CHECK(store.take(1'000'000).capacity() >= 1'000'000);
  CHECK(store.kept() == 0);
}

TEST_CASE("Neither small nor huge buffers are kept, and no more large ones than allowed", "[http]") {
  BodyStore store(2);
  store.give(std::string(BodyStore::large / 2, 'x'));
  CHECK(store.kept() == 0);
  store.give(std::string(2 * BodyStore::largest, 'x'));
  CHECK(store.kept() == 0);
  for (int i = 0; i < 3; ++i)
    store.give(std::string(BodyStore::large, 'x'));
  CHECK(store.kept() == 2);
}
