#pragma once

#include <dialogferry/model/uuid.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace dialogferry::engine {

/// Which of so many carriers, and of as many uploaders, a record is for: always the same, and both on one
/// thread (resident.hpp).
inline std::size_t turn_of(const Uuid& record, std::size_t count) {
  const std::string_view bytes(reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size());
  return std::hash<std::string_view>{}(bytes) % count;
}

/// One lane a dialog id: of the work for one dialog, one piece is under way at a time, the rest waits in
/// order.
template <class Work>
class Lanes {
public:
  /// The work to begin now, or nothing where the dialog is busy and the work waits.
  std::optional<Work> enter(const Uuid& dialog, Work work) {
    const auto [lane, idle] = lanes_.try_emplace(dialog);
    if (idle) return work;
    lane->second.push_back(std::move(work));
    ++waiting_;
    return std::nullopt;
  }

  /// The work under way for a dialog is done: the next to begin, if any.
  std::optional<Work> leave(const Uuid& dialog) {
    const auto lane = lanes_.find(dialog);
    if (lane == lanes_.end()) return std::nullopt;
    if (lane->second.empty()) {
      lanes_.erase(lane);
      return std::nullopt;
    }
    std::optional<Work> next{std::move(lane->second.front())};
    lane->second.pop_front();
    --waiting_;
    return next;
  }

  /// Dialogs with work under way.
  std::size_t busy() const { return lanes_.size(); }
  /// Pieces of work that wait behind another of the same dialog.
  std::size_t waiting() const { return waiting_; }

private:
  std::unordered_map<Uuid, std::deque<Work>> lanes_;
  std::size_t waiting_ = 0;
};

} // namespace dialogferry::engine
