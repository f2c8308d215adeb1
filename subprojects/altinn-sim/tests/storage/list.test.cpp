#include "support.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

const std::string whole_window = "&lastChanged=gte:2025-03-01T00:00:00Z&lastChanged=lt:2025-03-13T00:00:00Z";

std::size_t distinct(const std::vector<std::string>& ids) {
  return std::set<std::string>(ids.begin(), ids.end()).size();
}

} // namespace

TEST_CASE("Ascending pages give every record once, ties over page borders included", "[storage-1.5]") {
  World world(small_world(1000));
  const Storage storage(world);
  for (const auto* size : {"100", "7", "1000"}) {
    std::size_t pages = 0;
    const auto ids = ids_of_all_pages(
        storage, "/instances?org=skd&order=asc:lastChanged&size=" + std::string(size) + whole_window, &pages);
    CHECK(ids.size() == 12'000);
    CHECK(distinct(ids) == 12'000);
  }
}

TEST_CASE("Descending pages lose what is left of a tie, and may repeat", "[storage-1.5]") {
  World world(small_world(1000));
  const Storage storage(world);
  const auto ids = ids_of_all_pages(storage, "/instances?org=skd" + whole_window);
  CHECK(distinct(ids) < 12'000);
  CHECK(distinct(ids) > 11'000);
}
