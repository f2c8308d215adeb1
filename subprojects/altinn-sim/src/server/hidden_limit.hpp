#pragma once

#include "route.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace altinn_sim {

/// Whether a 429 says when to come again.
enum class RetryAfter : std::uint8_t { on, off, alternate };

/// A limit that the API does not tell of: a token bucket whose rate changes by a schedule.
struct LimitPlan {
  struct Plateau {
    double rate = 0;    ///< requests per second, above 0
    double seconds = 0; ///< how long; the last one stays
  };
  Api api = Api::none;
  std::vector<Plateau> schedule;
  double burst_seconds = 1; ///< the bucket holds what comes in this time
  RetryAfter retry_after = RetryAfter::on;
};

/// Decides by the clock it is handed; the schedule starts with the first request.
class HiddenLimit {
public:
  struct Verdict {
    bool allowed = true;
    std::optional<int> retry_after_s; ///< only with a refusal
  };

  explicit HiddenLimit(LimitPlan plan);

  Api api() const { return plan_.api; }

  /// A request comes in; times never go back.
  Verdict ask(std::int64_t now_us);

  /// `{"api", "seconds": [{"second", "plateau", "rate", "allowed", "refused"}]}`, at most a day of them.
  boost::json::object as_json() const;

private:
  struct Count {
    std::uint32_t allowed = 0;
    std::uint32_t refused = 0;
  };

  std::size_t plateau_at(double second) const;
  void move_to(double second);
  void fill_until(double second);

  LimitPlan plan_;
  std::optional<std::int64_t> start_us_;
  std::size_t plateau_ = 0;
  double plateau_end_;
  double filled_until_ = 0;
  double tokens_ = 0;
  std::uint64_t refusals_ = 0;
  std::vector<Count> counts_;
};

} // namespace altinn_sim
