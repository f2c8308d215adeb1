#pragma once

#include "arrivals.hpp"
#include "route.hpp"

#include <boost/json/object.hpp>

#include <mutex>

namespace altinn_sim {

/// Counts what was asked and how it was answered. Safe to use from every thread of the server.
class RequestLog {
public:
  RequestLog();

  /// A request came in, before anything is known of its answer.
  void arrived(Api api, std::int64_t now_us);

  /// It was answered; status 0 stands for a connection that was reset instead.
  void answered(std::size_t endpoint, int status);

  /// Both at once, for an answer that is given as soon as its request is there.
  void note(std::size_t endpoint, int status, std::int64_t now_us);

  void reset();

  /// `{"total", "endpoints": [{"api", "endpoint", "requests", "status": {"2xx": n, …, "reset": n}}],
  /// "apis": {"storage": {"requests", "max_per_second", "per_second": […]}, …}}`; `total` counts the
  /// platform's APIs without Register, which stands apart under "apis" and "register".
  boost::json::object as_json() const;

private:
  static constexpr std::size_t classes = 6; ///< reset, 1xx … 5xx
  using Answers = std::array<std::uint64_t, classes>;

  mutable std::mutex mutex_;
  std::vector<Answers> answers_;
  std::array<Arrivals, platform_apis> arrivals_;
  std::array<std::uint64_t, platform_apis> requests_{};
};

} // namespace altinn_sim
