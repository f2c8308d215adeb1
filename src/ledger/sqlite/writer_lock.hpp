#pragma once

#include <dialogferry/model/result.hpp>

#include <string>

namespace dialogferry::ledger::sqlite {

/// The right to be the engine of a ledger: an OS lock on a file beside it, which ends with the process,
/// however that ends. Readers do not ask for it.
class WriterLock {
public:
  /// Takes the lock of the ledger at `path`, or says who holds it.
  static Result<WriterLock> take(const std::string& path);

  WriterLock() = default;
  WriterLock(WriterLock&& other) noexcept
      : file_(other.file_) {
    other.file_ = -1;
  }
  WriterLock& operator=(WriterLock&& other) noexcept;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

private:
  explicit WriterLock(int file)
      : file_(file) {}
  int file_ = -1;
};

} // namespace dialogferry::ledger::sqlite
