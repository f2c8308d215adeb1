#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace bench {

/// What a program has used from its start to its end.
struct Usage {
  double seconds = 0;     ///< by the clock
  double cpu_seconds = 0; ///< user and system
  double rss_mb = 0;      ///< peak of its resident memory, in 10^6 bytes
  int status = 0;         ///< exit status; -1 where a signal ended it
};

/// A program started beside this one; it does not outlive it. Its standard output is read here. What cannot
/// be done throws std::runtime_error.
class Process {
public:
  /// Its standard error goes to the file `errors`, to ours where that is empty.
  explicit Process(const std::vector<std::string>& command, const std::string& errors = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next line of its output, without its end; nothing when there are no more.
  std::optional<std::string> line();

  /// User and system time so far, to 10 ms.
  double cpu_seconds() const;

  void signal(int number) const;

  /// Whether it has ended.
  bool ended();

  /// Waits for its end.
  Usage wait();

  /// Asks it to end, insists after `patience`, and waits for its end.
  Usage stop(int number, std::chrono::milliseconds patience = std::chrono::seconds{10});

private:
  bool reap(int options);

  std::string name_;
  pid_t id_ = -1;
  int output_ = -1;
  std::string read_;
  std::chrono::steady_clock::time_point started_;
  bool ended_ = false;
  Usage usage_;
};

/// User and system time of everything that has run on this machine, in seconds.
double machine_cpu_seconds();

} // namespace bench
