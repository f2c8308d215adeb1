#include <dialogferry/engine/limit/sharing.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

/// Who was held back asks for so much more than it has sent, who was not for so much.
constexpr double hungry = 1.5;
constexpr double content = 1.25;
/// Requests come in gusts: what is sent is averaged over so many seconds.
constexpr double averaged = 0.5;

std::chrono::microseconds microseconds_up_to(Moment span) {
  return std::max(std::chrono::microseconds{0}, std::chrono::ceil<std::chrono::microseconds>(span));
}

} // namespace

ledger::RateUse Sharing::tell(bool is_idle, bool is_paused, Moment now) {
  if (is_idle) short_ = 0;
  const auto seconds = std::max(1e-3, in_seconds(now - told_at_));
  if (!is_paused) {
    average_ += std::min(1.0, seconds / averaged) * (sent_ / seconds - average_);
    const bool is_hungry = was_short_ || short_ > 0;
    wanted_ = is_hungry ? std::max(hungry * average_, (sent_ + short_) / seconds) : content * average_;
  }

  ledger::RateUse use;
  use.wanted = wanted_;
  use.answers = std::exchange(answers_, {});
  use.found.reduction = reduction_;
  if (pause_until_) use.pause = microseconds_up_to(*pause_until_ - now);
  told_pause_ = pause_until_;
  told_at_ = now;
  sent_ = 0;
  was_short_ = false;
  return use;
}

void Sharing::hear(const ledger::RateShare& heard, Moment told, Moment now) {
  share_ = std::clamp(heard.share, careful_share, 1.0);
  engines_ = std::max<double>(1, heard.engines);
  leads_ = heard.leads;
  until_ = told + ledger::share_lasts;
  if (told_pause_ == pause_until_) pause_until_.reset();
  if (heard.found.reduction == reduction_ || heard.found.reduction == 0) return;
  reduction_ = heard.found.reduction;
  known_at_ = now;
}

} // namespace dialogferry::engine
