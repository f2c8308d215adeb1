#pragma once

#include "exchange.hpp"

#include <cstdint>
#include <string>

namespace altinn_sim::archive {

/// The bytes of a file: they follow from a seed, wherever one begins to read.
class FileBytes : public Bytes {
public:
  FileBytes(std::uint64_t seed, std::int64_t size)
      : seed_(seed)
      , size_(static_cast<std::uint64_t>(size)) {}

  std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, char* room, std::size_t size) const override;

private:
  std::uint64_t seed_;
  std::uint64_t size_;
};

/// MD5 of all the bytes, 32 lower-case hex digits.
std::string md5_of(const Bytes& bytes);

} // namespace altinn_sim::archive
