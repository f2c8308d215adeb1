#pragma once

#include "ferry.hpp"

#include <functional>

namespace dialogferry::system {

inline constexpr const char* live_row = "a3-app-instances-live";

/// An engine with the rows of app instances, historic and live, at one address however often it is started.
class LiveFerry {
public:
  /// `settings` goes behind the tables of the rows: more keys of the live row, then tables of its own.
  LiveFerry(Platform& platform, const Days& days, const std::string& settings = {},
            const std::string& ledger = ledger_in_file);

  /// Starts it, and waits until it listens.
  void start(const std::vector<std::string>& sets = {});
  void kill();
  void signal(int number) const { engine_->signal(number); }
  /// Drains; the exit status.
  int stop();

  /// Where it listens.
  const std::string& url() const { return url_; }
  /// Whether `GET /readyz` is answered with 200.
  bool is_ready() const;
  /// Its row of `GET /api/status`.
  json::value row(std::string_view id = live_row);

  /// Waits until `done`, at most so long; false where that does not come, or the engine ends before.
  bool eventually(const std::function<bool()>& done,
                  std::chrono::milliseconds within = std::chrono::seconds{30});

  const Ferry& ferry() const { return ferry_; }

private:
  std::uint16_t port_;
  std::string url_;
  Ferry ferry_;
  std::unique_ptr<Process> engine_;
};

/// What `POST /_sim/emit` answers.
json::value emit(Platform& platform, std::string_view order);

/// Every change of a load is made, and every event of it delivered.
bool all_delivered(Platform& platform);

} // namespace dialogferry::system
