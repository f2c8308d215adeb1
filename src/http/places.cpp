#include "places.hpp"

#include "server_session.hpp"

namespace dialogferry::http {

bool Places::make_room(std::size_t amount) {
  if (taken_ - could_be_free_ + amount > most_) return false;
  while (taken_ + amount > most_)
    if (!close_oldest()) return false;
  return true;
}

bool Places::close_oldest() {
  if (waiting_.empty()) return false;
  const auto session = waiting_.begin()->second->shared_from_this();
  session->close(); // gives back what it holds
  return true;
}

Places::Held::Held(Places& places, std::size_t amount)
    : places_(&places)
    , amount_(amount) {
  places.taken_ += amount;
}

Places::Held& Places::Held::operator=(Held&& other) noexcept {
  std::swap(places_, other.places_);
  std::swap(amount_, other.amount_);
  std::swap(turn_, other.turn_);
  return *this;
}

void Places::Held::give_back() {
  if (places_ == nullptr) return;
  waits_no_more();
  places_->taken_ -= amount_;
  places_ = nullptr;
}

void Places::Held::waits_for(ServerSession& session) {
  if (places_ == nullptr || turn_ != 0) return;
  turn_ = ++places_->turns_;
  places_->waiting_.emplace(turn_, &session);
  places_->could_be_free_ += amount_;
}

void Places::Held::waits_no_more() {
  if (turn_ == 0) return;
  places_->waiting_.erase(std::exchange(turn_, 0));
  places_->could_be_free_ -= amount_;
}

} // namespace dialogferry::http
