#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dialogferry::test {

/// A line to a server on this machine that can be cut, and can lose what goes over it.
class Relay {
public:
  explicit Relay(int to_port);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  int port() const { return port_; }
  /// `url` with this relay's port.
  std::string instead(std::string url) const;

  /// Ends all connections, and every new one at once, until restore().
  void cut();
  /// Loses everything, without a word, also of new connections, until restore().
  void go_dark();
  /// Ends what has lost something.
  void restore();
  /// Of the connections there are: what the server says is lost from now on, but it goes on getting what is
  /// sent.
  void lose_answers();
  /// What is sent is lost from now on.
  void lose_requests();

private:
  struct Line;
  void accept_all();
  void pump(Line& line);

  int to_port_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> is_over_ = false;
  std::atomic<bool> is_cut_ = false;
  std::atomic<bool> is_dark_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::thread accepting_;
};

} // namespace dialogferry::test
