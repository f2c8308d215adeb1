#pragma once

#include <dialogferry/model/result.hpp>

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace dialogferry::cli {

/// A program started beside this one, which ends with it.
class Child {
public:
  /// Starts `program`; its standard output is read here, its standard error is ours. It takes no part in the
  /// terminal's Ctrl-C. To be called before other threads are started.
  static Result<Child> start(const std::string& program, const std::vector<std::string>& arguments);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  /// Asks it to end, and waits for that.
  ~Child();

  /// Ends it without a word, as `kill -9` does.
  void kill_at_once();

  /// The first line of its output, without its end. Fails where it ends before, or takes longer than `time`.
  Result<std::string> first_line(std::chrono::milliseconds time);

private:
  Child(pid_t id, int output)
      : id_(id)
      , output_(output) {}
  void end(int signal);

  pid_t id_;
  int output_;
};

} // namespace dialogferry::cli
