#pragma once

#include "dialogporten/model/uuid.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace altinn_sim::dialogporten {

/// Microseconds of a clock that never goes back, as in Request::begins_us.
using Moment = std::int64_t;

/// The names of actors without an id, each known from the end of the write that brought it first. Two writes
/// that add the same name at the same moment cannot both be stored (observed.md OD-1). Safe from several
/// threads.
class ActorNames {
public:
  /// What comes of a write that carries names.
  struct Verdict {
    std::vector<std::string_view> added; ///< new ones, this write's until `until`
    std::string_view taken; ///< the one that another write is adding, if so; nothing is added then
    Moment free_at = 0;     ///< when that write ends
  };

  /// A write that is at work from `begins` to `until` carries these names; views into them come back.
  Verdict add(const std::vector<std::string_view>& names, Moment begins, Moment until);

  /// The write stored nothing after all.
  void forget(const std::vector<std::string_view>& added);

private:
  std::mutex mutex_;
  std::unordered_map<std::string, Moment> known_from_;
};

/// The dialogs that a write is at work on. Safe from several threads.
class DialogsAtWork {
public:
  /// When the write that is at work on the dialog at that moment ends; 0 where there is none.
  Moment busy_until(const Uuid& id, Moment at) const;

  /// A write is at work on the dialog until then.
  void keep(const Uuid& id, Moment now, Moment until);

private:
  mutable std::mutex mutex_;
  std::unordered_map<Uuid, Moment, UuidHash> until_;
  std::size_t swept_at_ = 1024; ///< size at which those that are over are taken out
};

} // namespace altinn_sim::dialogporten
