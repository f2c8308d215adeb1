#include "property.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string>

/// Counts what operator new gives out. It stands in for the library's own in every program of fuzz/.
namespace {

std::atomic<std::size_t> in_use{0};
std::atomic<std::size_t> most{0};

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  const auto now = in_use += malloc_usable_size(memory);
  most = std::max(most.load(), now);
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory != nullptr) in_use -= malloc_usable_size(memory);
  std::free(memory);
}

} // namespace

void* operator new(std::size_t size) {
  return counted(std::malloc(std::max<std::size_t>(size, 1)));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  void* memory = nullptr;
  const auto align = std::max(sizeof(void*), static_cast<std::size_t>(alignment));
  return counted(posix_memalign(&memory, align, std::max<std::size_t>(size, 1)) == 0 ? memory : nullptr);
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}

// A sanitizer has all the other forms of its own, which would not match these: each is said here.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size);
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return operator new(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return operator new(size, alignment);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  give_back(memory);
}

namespace fuzz {

Memory::Memory()
    : before_(in_use) {
  most = before_;
}

void Memory::require_proportion(std::size_t input_size) const {
  constexpr std::size_t always = 1 << 20;
  constexpr std::size_t per_byte = 256;
  const auto used = most - std::min(before_, most.load());
  require(used <= always + per_byte * input_size,
          "memory in proportion: " + std::to_string(used) + " bytes for " + std::to_string(input_size));
}

} // namespace fuzz
