#include "token_cache.hpp"

#include <algorithm>
#include <utility>

namespace dialogferry::http {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds first_pause = 1s;
constexpr std::chrono::seconds longest_pause = 30s;
/// A token is not sent in its last moments: the target's clock may be ahead and the request takes time.
constexpr std::chrono::seconds most_margin = 10s;

} // namespace

TokenCache::TokenCache(Fetch fetch, SteadyNow now)
    : fetch_(std::move(fetch))
    , now_(std::move(now)) {}

TokenCache::~TokenCache() {
  for (auto& receiver : waiting_)
    receiver(fail("auth", "no token: closed before one came"));
}

Token TokenCache::current(Time now) const {
  return now < good_until_ ? token_ : nullptr;
}

bool TokenCache::claim_fetch(Time now) {
  if (fetching_ || (failure_ && now < paused_until_)) return false;
  return fetching_ = true;
}

Token TokenCache::at_hand() {
  const auto now = now_();
  Token token;
  bool renew = false;
  {
    const std::lock_guard lock(mutex_);
    token = current(now);
    renew = token && now >= refresh_at_ && claim_fetch(now);
  }
  if (renew) fetch(now);
  return token;
}

void TokenCache::token(Receiver receiver) {
  const auto now = now_();
  std::unique_lock lock(mutex_);
  if (const auto token = current(now)) {
    lock.unlock();
    return receiver(token);
  }
  const bool begin = claim_fetch(now);
  if (!begin && !fetching_) {
    const auto problem = *failure_;
    lock.unlock();
    return receiver(tl::unexpected(problem));
  }
  waiting_.push_back(std::move(receiver));
  lock.unlock();
  if (begin) fetch(now);
}

void TokenCache::invalidate(const Token& used) {
  const std::lock_guard lock(mutex_);
  if (token_ == used) token_.reset();
}

void TokenCache::fetch(Time began) {
  fetch_([weak = weak_from_this(), began](Result<Fetched> result) {
    if (const auto self = weak.lock()) self->fetched(began, std::move(result));
  });
}

void TokenCache::fetched(Time began, Result<Fetched> result) {
  const auto now = now_();
  std::vector<Receiver> waiting;
  Result<Token> outcome;
  {
    const std::lock_guard lock(mutex_);
    fetching_ = false;
    if (result) {
      const auto lifetime = std::max(result->lifetime, 1s);
      token_ = std::make_shared<const std::string>(std::move(result->token));
      good_until_ = began + lifetime - std::min<Time::duration>(most_margin, lifetime / 10);
      refresh_at_ = began + lifetime * 3 / 4;
      failure_.reset();
      pause_ = 0s;
      outcome = token_;
    } else {
      failure_ = result.error();
      pause_ = pause_ == 0s ? first_pause : std::min(2 * pause_, longest_pause);
      paused_until_ = now + pause_;
      outcome = tl::unexpected(std::move(result.error()));
    }
    waiting.swap(waiting_);
  }
  for (auto& receiver : waiting)
    receiver(outcome);
}

} // namespace dialogferry::http
