#include "allocations.hpp"

#include <cstdlib>
#include <new>

namespace bench {

std::atomic<std::uint64_t> allocated_bytes{0};
std::atomic<std::uint64_t> allocations{0};

} // namespace bench

void* operator new(std::size_t size) {
  bench::allocated_bytes.fetch_add(size, std::memory_order_relaxed);
  bench::allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
