#pragma once

#include <dialogferry/metrics/registry.hpp>
#include <dialogferry/status/status.hpp>

#include <string>
#include <vector>

namespace dialogferry::status {

/// What the status tells in numbers: of rows, days, waits, APIs and goals.
std::vector<prometheus::MetricFamily> metrics_of(const StatusModel& model);

/// These and what was counted as it happened (may be null), in the Prometheus text format 0.0.4.
std::string render_metrics(const StatusModel& model, const metrics::Registry* counted = nullptr);

} // namespace dialogferry::status
