#include "targets.hpp"

#include <cstddef>
#include <cstdint>

/// What libFuzzer calls; FUZZ_TARGET is the function of the program's target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
