#include <dialogferry/http/body_store.hpp>

#include <utility>

namespace dialogferry::http {

namespace {

/// Large buffers come in steps of this, so that one fits the next answer of about the same size as well.
constexpr std::size_t step = 64 << 10;

constexpr std::size_t rounded_up(std::size_t size) {
  return (size + step - 1) / step * step;
}

} // namespace

std::string BodyStore::take(std::size_t size) {
  std::string buffer;
  if (size >= large) {
    const std::lock_guard lock(mutex_);
    if (!buffers_.empty()) {
      buffer = std::move(buffers_.back());
      buffers_.pop_back();
    }
    size = rounded_up(size);
  }
  buffer.reserve(size);
  return buffer;
}

void BodyStore::give(std::string body) {
  if (body.capacity() < large || body.capacity() > largest) return;
  body.clear();
  const std::lock_guard lock(mutex_);
  if (buffers_.size() < most_) buffers_.push_back(std::move(body));
}

std::size_t BodyStore::kept() const {
  const std::lock_guard lock(mutex_);
  return buffers_.size();
}

} // namespace dialogferry::http
