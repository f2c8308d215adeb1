#include <dialogferry/metrics/registry.hpp>

#include <algorithm>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <utility>

namespace dialogferry::metrics {

namespace {

constexpr const char* prefix = "dialogferry_";

/// The library writes it as it is.
std::string one_line(std::string help) {
  std::replace_if(
      help.begin(), help.end(), [](char c) { return c == '\n' || c == '\\'; }, ' ');
  return help;
}

} // namespace

struct Registry::State {
  prometheus::Registry registry; ///< a family that is asked for again is the same
};

Registry::Registry()
    : state_(std::make_unique<State>()) {}

Registry::~Registry() = default;

Counter& Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildCounter()
      .Name(prefix + name)
      .Help(one_line(help))
      .Register(state_->registry)
      .Add(labels);
}

Histogram& Registry::seconds(const std::string& name, const std::string& help, const Labels& labels,
                             std::vector<double> bounds) {
  return prometheus::BuildHistogram()
      .Name(prefix + name)
      .Help(one_line(help))
      .Register(state_->registry)
      .Add(labels, std::move(bounds));
}

std::vector<prometheus::MetricFamily> Registry::collect() const {
  return state_->registry.Collect();
}

std::string text_of(const std::vector<prometheus::MetricFamily>& families) {
  return prometheus::TextSerializer().Serialize(families);
}

} // namespace dialogferry::metrics
