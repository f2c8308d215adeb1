#pragma once

#include <cstddef>

namespace dialogferry::engine {

/// An actor with a worker of its own (io_scheduler.hpp), by number: it runs on no other, so that what it
/// makes is let go where it was made. Memory that crossed from one thread to another took a twelfth of the
/// CPU (bench/README.md, throughput). Other actors stay with whoever brought them something.
class Resident {
public:
  explicit Resident(std::size_t home)
      : home_(home) {}
  virtual ~Resident() = default;
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;

  std::size_t home() const { return home_; }

private:
  std::size_t home_;
};

} // namespace dialogferry::engine
