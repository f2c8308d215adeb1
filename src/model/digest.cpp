#include <dialogferry/model/digest.hpp>

#include <cstring>

namespace dialogferry {

namespace {

// The finalizer of MurmurHash3 (public domain): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

} // namespace

void Digest::add(const Uuid& id, Instant last_changed) {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::memcpy(&first, id.bytes.data(), 8);
  std::memcpy(&second, id.bytes.data() + 8, 8);
  const auto ticks = static_cast<std::uint64_t>(last_changed.ticks);
  const auto a = mix(first ^ mix(second ^ mix(ticks)));
  *this += Digest{a, mix(a ^ second ^ 0x9e3779b97f4a7c15ULL)};
}

Digest& Digest::operator+=(const Digest& other) {
  high += other.high;
  low += other.low;
  return *this;
}

} // namespace dialogferry
