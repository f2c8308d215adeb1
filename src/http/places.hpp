#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace dialogferry::http {

class ServerSession;

/// A bounded number of places for sessions, and who of them keeps the server waiting at the moment: who does
/// so for longest makes room for others, who waits for the server is never cut off. On one thread; lives
/// longer than the sessions.
class Places {
public:
  explicit Places(std::size_t most)
      : most_(most) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places() = default;

  /// Whether there is room for so much, after the sessions in the way are closed. Where it would not help,
  /// none is.
  bool make_room(std::size_t amount = 1);
  /// Closes the session that keeps the server waiting for longest; false where there is none.
  bool close_oldest();

  /// Places that are held until they are given back.
  class Held {
  public:
    Held() = default;
    Held(Places& places, std::size_t amount);
    Held(Held&& other) noexcept { *this = std::move(other); }
    Held& operator=(Held&& other) noexcept;
    ~Held() { give_back(); }

    void give_back();
    /// That its session keeps the server waiting from now on, or no longer.
    void waits_for(ServerSession& session);
    void waits_no_more();

  private:
    Places* places_ = nullptr;
    std::size_t amount_ = 0;
    std::uint64_t turn_ = 0; ///< 0 = keeps nobody waiting
  };

private:
  const std::size_t most_;
  std::size_t taken_ = 0;
  std::size_t could_be_free_ = 0; ///< held by those that keep the server waiting
  std::uint64_t turns_ = 0;
  std::map<std::uint64_t, ServerSession*> waiting_; ///< the oldest first
};

} // namespace dialogferry::http
