#pragma once

#include <dialogferry/http/auth.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::http {

/// A token as it was fetched.
struct Fetched {
  std::string token;
  std::chrono::seconds lifetime{0}; ///< from when the fetch began
};

/// Whether it can stand in a header as it is.
inline bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Keeps a token as long as it is good and fetches the next one in time.
class TokenCache final : public TokenSource, public std::enable_shared_from_this<TokenCache> {
public:
  using Done = std::function<void(Result<Fetched>)>;
  /// Calls its argument exactly once, on any thread.
  using Fetch = std::function<void(Done)>;

  TokenCache(Fetch fetch, SteadyNow now);
  ~TokenCache() override;

  Token at_hand() override;
  void token(Receiver receiver) override;
  void invalidate(const Token& used) override;

private:
  using Time = std::chrono::steady_clock::time_point;

  Token current(Time now) const;
  /// Whether a fetch is to be begun now; it then counts as under way.
  bool claim_fetch(Time now);
  void fetch(Time began);
  void fetched(Time began, Result<Fetched> result);

  const Fetch fetch_;
  const SteadyNow now_;
  std::mutex mutex_; ///< guards what follows; nothing is called while it is held
  Token token_;
  Time good_until_{};
  Time refresh_at_{};
  bool fetching_ = false;
  std::optional<Problem> failure_; ///< of the last fetch
  std::chrono::seconds pause_{0};
  Time paused_until_{};
  std::vector<Receiver> waiting_;
};

} // namespace dialogferry::http
