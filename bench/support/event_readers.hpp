#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// Readers of server-sent events: so many connections that take whatever comes, on one thread.
class EventReaders {
public:
  /// Of `http://127.0.0.1:PORT` and a path. Throws where a connection cannot be made.
  EventReaders(const std::string& address, const std::string& path, std::size_t count);
  ~EventReaders();
  EventReaders(const EventReaders&) = delete;
  EventReaders& operator=(const EventReaders&) = delete;

  std::uint64_t bytes() const { return bytes_; }
  /// How many are still connected.
  std::size_t open() const { return open_; }

private:
  void read_all();

  int poll_ = -1;
  std::vector<int> sockets_;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::size_t> open_ = 0;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

} // namespace bench
