#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace dialogferry::system {

/// Where a program that is started writes to.
struct Outputs {
  std::string out; ///< file of its standard output, written anew
  std::string err; ///< file of its standard error
};

/// A program started beside the tests. It is known by its process id, and is killed where it outlives its
/// object.
class Process {
public:
  /// Throws std::system_error where it cannot be started.
  Process(const std::string& program, const std::vector<std::string>& arguments, const Outputs& outputs);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Waits for its end: its exit status, or minus the signal that ended it; nothing if `time` passed before.
  std::optional<int> wait_for(std::chrono::milliseconds time);

  void signal(int number) const;

  /// The most memory it had so far, kB; 0 where it has ended.
  std::uint64_t peak_memory() const;

private:
  pid_t id_;
  int handle_; ///< readable once the process has ended
  std::optional<int> status_;
};

/// All that is in a file; empty where there is none.
std::string contents(const std::string& file);

} // namespace dialogferry::system
