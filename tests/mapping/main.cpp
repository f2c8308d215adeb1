#define CATCH_CONFIG_RUNNER
#include "golden.hpp"

#include <catch2/catch.hpp>

int main(int argc, char* argv[]) {
  golden::register_cases();
  return Catch::Session().run(argc, argv);
}
