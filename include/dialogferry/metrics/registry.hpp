#pragma once

#include <map>
#include <memory>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <string>
#include <vector>

/// What is counted as it happens. What the ledger knows is not counted again: it is read when somebody asks
/// (status/metrics.cpp).
namespace dialogferry::metrics {

/// Grows; one atomic addition each time.
using prometheus::Counter;
/// How often something took how long, by buckets; a short lock that nobody else wants each time. Summaries
/// are not used: a quiet one is NaN.
using prometheus::Histogram;

/// By name. Looked at once, when a series is made; who counts keeps the series.
using Labels = std::map<std::string, std::string>;

/// Makes series, which live as long as it does, and tells all of them. May be used from any thread.
class Registry {
public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// One series of `dialogferry_NAME`; the same one for the same labels. The help is one line.
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels);

  /// Likewise of seconds; `bounds` are the upper ends of the buckets, rising.
  Histogram& seconds(const std::string& name, const std::string& help, const Labels& labels,
                     std::vector<double> bounds);

  std::vector<prometheus::MetricFamily> collect() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// In the Prometheus text format 0.0.4.
std::string text_of(const std::vector<prometheus::MetricFamily>& families);

} // namespace dialogferry::metrics
