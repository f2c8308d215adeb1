#pragma once

#include <dialogferry/engine/moment.hpp>
#include <dialogferry/http/retry.hpp>
#include <dialogferry/metrics/registry.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace dialogferry::engine {

/// Counts the attempts at one API and how long their answers took. Everything that is looked up is looked up
/// when it is made.
class RequestMetrics {
public:
  RequestMetrics(std::shared_ptr<metrics::Registry> registry, const std::string& api);

  /// An attempt has ended after `took`. Its outcome is `success`, `gone`, `exists`, `conflict`, `unknown` or
  /// `exception`; of what is to be tried again, the reason: `throttled`, `timeout`, …
  void answered(http::Operation operation, const http::Verdict& verdict, Moment took);

private:
  static constexpr std::size_t most_reasons = 12;
  using Kind = http::Verdict::Kind;

  metrics::Counter& of(Kind kind, http::Verdict::Reason reason);

  std::shared_ptr<metrics::Registry> registry_;           ///< whose series these are
  std::array<metrics::Counter*, 7> kinds_{};              ///< by Kind
  std::array<metrics::Counter*, most_reasons> reasons_{}; ///< by Reason, of Kind::again
  metrics::Histogram* reads_;
  metrics::Histogram* writes_;
};

} // namespace dialogferry::engine
