#pragma once

#include "arrivals.hpp"
#include "route.hpp"

#include <boost/json/object.hpp>

#include <map>
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

  /// It was refused, or went wrong, in a way of this kind; an empty kind counts nothing.
  void refused(Api api, std::string_view kind);

  /// Both at once, for an answer that is given as soon as its request is there.
  void note(std::size_t endpoint, int status, std::int64_t now_us);

  void reset();

  /// `{"total", "endpoints": [{"api", "endpoint", "requests", "status": {"2xx": n, …, "reset": n}}],
  /// "apis": {"storage": {"requests", "max_per_second", "per_second": […], "refusals": {"name_race": n, …}},
  /// …}}`; `total` counts the platform's APIs without Register, which stands apart under "apis" and
  /// "register". Refusals are by kind: the services' own ("name_race", "register_down", "parallel_write",
  /// "parallel_key", "breaks") and those of faults ("429", "5xx", "resets", …).
  boost::json::object as_json() const;

private:
  static constexpr std::size_t classes = 6; ///< reset, 1xx … 5xx
  using Answers = std::array<std::uint64_t, classes>;

  mutable std::mutex mutex_;
  std::vector<Answers> answers_;
  std::array<Arrivals, platform_apis> arrivals_;
  std::array<std::uint64_t, platform_apis> requests_{};
  std::array<std::map<std::string, std::uint64_t, std::less<>>, platform_apis> refusals_;
};

} // namespace altinn_sim
