#include <dialogferry/model/wait.hpp>

#include <limits>
#include <utility>

namespace dialogferry {

namespace {

/// Not knowing until when is later than every time.
std::pair<bool, std::int64_t> weight(const Wait& wait) {
  return {wait.whole, wait.until ? wait.until->ticks : std::numeric_limits<std::int64_t>::max()};
}

} // namespace

std::string_view name_of(WaitCode code) {
  switch (code) {
  case WaitCode::asked: return "asked";
  case WaitCode::down: return "down";
  case WaitCode::behind: return "behind";
  case WaitCode::deferred: return "deferred";
  case WaitCode::stream: return "stream";
  case WaitCode::day: return "day";
  case WaitCode::by_operator: return "operator";
  }
  return "down";
}

std::optional<Wait> worse(const std::optional<Wait>& a, const std::optional<Wait>& b) {
  if (!a || !b) return a ? a : b;
  return weight(*a) < weight(*b) ? b : a;
}

} // namespace dialogferry
