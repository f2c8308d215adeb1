#include "request_log.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <numeric>

namespace altinn_sim {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 6> class_names = {"reset", "1xx", "2xx", "3xx", "4xx", "5xx"};

template <class Numbers>
json::array as_array(const Numbers& numbers) {
  json::array array;
  array.reserve(numbers.size());
  for (auto number : numbers)
    array.emplace_back(number);
  return array;
}

} // namespace

RequestLog::RequestLog()
    : answers_(endpoint_count(), Answers{}) {}

void RequestLog::arrived(Api api, std::int64_t now_us) {
  auto index = static_cast<std::size_t>(api);
  if (index >= platform_apis) return;
  std::lock_guard lock(mutex_);
  ++requests_[index];
  arrivals_[index].arrived(now_us);
}

void RequestLog::answered(std::size_t endpoint, int status) {
  auto which = std::clamp<std::size_t>(static_cast<std::size_t>(status) / 100, 0, classes - 1);
  std::lock_guard lock(mutex_);
  ++answers_[endpoint][which];
}

void RequestLog::refused(Api api, std::string_view kind) {
  auto index = static_cast<std::size_t>(api);
  if (index >= platform_apis || kind.empty()) return;
  std::lock_guard lock(mutex_);
  auto found = refusals_[index].find(kind);
  if (found == refusals_[index].end()) found = refusals_[index].emplace(kind, 0).first;
  ++found->second;
}

void RequestLog::note(std::size_t endpoint, int status, std::int64_t now_us) {
  auto api = static_cast<std::size_t>(api_of(endpoint));
  auto which = std::clamp<std::size_t>(static_cast<std::size_t>(status) / 100, 0, classes - 1);
  std::lock_guard lock(mutex_);
  ++answers_[endpoint][which];
  if (api >= platform_apis) return;
  ++requests_[api];
  arrivals_[api].arrived(now_us);
}

void RequestLog::reset() {
  std::lock_guard lock(mutex_);
  std::fill(answers_.begin(), answers_.end(), Answers{});
  arrivals_.fill({});
  requests_.fill(0);
  refusals_.fill({});
}

json::object RequestLog::as_json() const {
  std::lock_guard lock(mutex_);
  json::array endpoints;
  for (std::size_t at = 0; at < answers_.size(); ++at) {
    auto total = std::accumulate(answers_[at].begin(), answers_[at].end(), std::uint64_t{0});
    if (total == 0 || api_of(at) == Api::control) continue;
    json::object status;
    for (std::size_t which = 0; which < classes; ++which) {
      if (answers_[at][which] != 0) status.emplace(class_names[which], answers_[at][which]);
    }
    endpoints.push_back({{"api", name_of(api_of(at))},
                         {"endpoint", endpoint_name(at)},
                         {"requests", total},
                         {"status", std::move(status)}});
  }
  json::object apis;
  for (std::size_t at = 0; at < platform_apis; ++at) {
    apis.emplace(name_of(static_cast<Api>(at)),
                 json::object{{"requests", requests_[at]},
                              {"max_per_second", arrivals_[at].most_in_a_second()},
                              {"per_second", as_array(arrivals_[at].per_second())},
                              {"refusals", json::object(refusals_[at].begin(), refusals_[at].end())}});
  }
  auto lookups = requests_[static_cast<std::size_t>(Api::register_)];
  auto all = std::accumulate(requests_.begin(), requests_.end(), std::uint64_t{0});
  return {{"total", all - lookups},
          {"register", lookups},
          {"endpoints", std::move(endpoints)},
          {"apis", std::move(apis)}};
}

} // namespace altinn_sim
