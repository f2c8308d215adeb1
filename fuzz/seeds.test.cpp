#include "targets.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace fs = std::filesystem;

TEST_CASE("every seed of every fuzz target holds the target's properties", "[fuzz]") {
  for (const auto& target : fuzz::all_targets()) {
    const auto folder = fs::path(SOURCE_ROOT) / "fuzz" / "seeds" / target.name;
    CAPTURE(std::string(target.name));
    REQUIRE(fs::is_directory(folder));
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << file.rdbuf();
      CAPTURE(entry.path().filename().string());
      CHECK_NOTHROW(target.run(text.str()));
      ++count;
    }
    CHECK(count > 0);
  }
}
