#pragma once

#include "door.hpp"
#include "process.hpp"

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bench {

/// A generated history: the last `days` days up to `last`, `per_day` records each, of one organisation.
struct History {
  std::int32_t days = 1;
  std::int32_t per_day = 1000;

  static constexpr dialogferry::Day last{20406}; // 2025-11-14
  static constexpr std::string_view organisation = "skd";

  dialogferry::Day first() const { return {last.number - days + 1}; }
  std::uint64_t records() const {
    return static_cast<std::uint64_t>(days) * static_cast<std::uint64_t>(per_day);
  }
};

/// A running altinn-sim with one event loop (README.md, What the server is).
class Simulator {
public:
  /// What came in since its start.
  struct Requests {
    std::uint64_t total = 0;                                 ///< Storage and Dialogporten
    std::uint64_t registry = 0;                              ///< lookups at Register
    std::uint64_t created = 0;                               ///< dialogs
    std::map<std::string, std::uint64_t, std::less<>> taken; ///< answers of success, by endpoint
  };

  Simulator(const History& history, const std::vector<std::string>& options);

  const History& history() const { return history_; }
  /// "http://127.0.0.1:PORT"
  const std::string& url() const { return url_; }
  double cpu_seconds() const { return process_.cpu_seconds(); }

  std::string get(const std::string& target) const;
  void post(const std::string& target, const std::string& body) const;
  Requests requests() const;

private:
  History history_;
  Process process_;
  std::string url_;
  Door door_;
};

} // namespace bench
