#include <dialogferry/engine/limit/answer_times.hpp>

#include <algorithm>
#include <cmath>

namespace dialogferry::engine {

namespace {

constexpr float newest = 8;        ///< answers that the level is of
constexpr std::uint32_t many = 64; ///< answers that a kind is known by

} // namespace

Moment AnswerTimes::comparable(RequestKind kind, Moment took, bool is_usual) {
  auto& known = kinds_[kind.number];
  const auto logarithm = std::log2(static_cast<float>(std::max<std::int64_t>(1000, took.count())));
  if (!has_first_) {
    if (!is_usual) return took;
    has_first_ = true;
    first_ = kind.number;
    level_ = logarithm;
  }
  if (is_usual && kind.number != first_) {
    known.answers = std::min(known.answers + 1, many);
    known.longer += (logarithm - known.longer - level_) / static_cast<float>(known.answers);
  }
  const auto comparable = logarithm - known.longer;
  if (is_usual) level_ += (comparable - level_) / newest;
  if (known.longer == 0) return took;
  return Moment{static_cast<std::int64_t>(std::exp2(comparable))};
}

} // namespace dialogferry::engine
