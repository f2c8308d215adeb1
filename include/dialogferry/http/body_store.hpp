#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace dialogferry::http {

/// Buffers of large answers, to be used again: the client's threads fill them, others give them back when the
/// answer has been read. Left to the allocator, what one thread allocates and another frees makes memory
/// creep upwards for as long as a run lasts. May be used from any thread.
class BodyStore {
public:
  /// Bytes from which a buffer is worth keeping.
  static constexpr std::size_t large = 128 << 10;
  /// Bytes up to which it is kept: a page as long as that is rare, and its memory better given back.
  static constexpr std::size_t largest = 1 << 20;

  /// Keeps at most `most` buffers; the rest is freed.
  explicit BodyStore(std::size_t most)
      : most_(most) {}

  /// An empty string with room for `size` bytes: one that was given back where `size` is large.
  std::string take(std::size_t size);

  /// Takes the buffer of a body that is not needed any more.
  void give(std::string body);

  /// Buffers that wait to be taken.
  std::size_t kept() const;

private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::vector<std::string> buffers_; ///< guarded; last used at the back
};

} // namespace dialogferry::http
