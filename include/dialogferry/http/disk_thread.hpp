#pragma once

#include <dialogferry/http/pipe.hpp>
#include <dialogferry/model/problem.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dialogferry::http {

/// A thread for what has to wait for a disk, so that no I/O thread does. All functions may be called from any
/// thread; what they are handed runs on its own.
class DiskThread {
public:
  /// Tasks that may wait for it.
  static constexpr std::size_t most_tasks = 10'000;

  DiskThread();
  /// Ends what is being read, runs what waits, and joins.
  ~DiskThread();
  DiskThread(const DiskThread&) = delete;
  DiskThread& operator=(const DiskThread&) = delete;

  /// Runs it once those before are done. False: too many wait, or it is ending; it is not run then.
  bool post(std::function<void()> task);

  /// It is being destroyed: tasks had better be short.
  bool is_closing() const;

  /// Called once, with the reason where the file was not read to its end.
  using Done = std::function<void(std::optional<Problem>)>;

  /// Reads a file into the sink, block by block as it has room, many files side by side. To tell the sink the
  /// end is for `done`.
  void read(std::string path, std::shared_ptr<BodySink> sink, const Done& done);

private:
  struct State;
  class Reading;
  std::shared_ptr<State> state_;
};

/// For a Pipe: the bytes of a file. The thread must outlive what is sent.
Pipe::Start from_file(DiskThread& disk, std::string path);

} // namespace dialogferry::http
