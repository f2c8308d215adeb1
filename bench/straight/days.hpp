#pragma once

#include "common.hpp"

#include <dialogferry/engine/history/scan.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/source/listing.hpp>

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

namespace straight {

/// A day that is read.
struct Window {
  explicit Window(dialogferry::Day day)
      : scan(day.start(), day.end(), {day.end(), {}}) {}
  dialogferry::engine::Scan scan;
  std::shared_ptr<const dialogferry::codec::Page> page;
  std::size_t in_flight = 0; ///< records given and not done
  bool asking = false;
  bool done = false;
  std::vector<dialogferry::Uuid> migrated; ///< of messages: those to be published next
};
using WindowPtr = std::shared_ptr<Window>;

/// Reads the days of a history, newest first, several at a time, page by page as records get done.
class Days {
public:
  using Page = std::shared_ptr<const dialogferry::codec::Page>;

  struct Setup {
    const Options& options;
    std::atomic<std::int32_t>& next_day; ///< shared by all loops
    dialogferry::http::Client& source;
    dialogferry::codec::Parser& parser;
    const dialogferry::source::Listing& listing;
    std::function<void(const dialogferry::http::Request&)> asking;
    std::function<void(const WindowPtr&, const Page&, const std::vector<std::uint32_t>&)> carry;
    std::function<void(const WindowPtr&)> is_read; ///< nothing more will come of this day
    std::function<void()> over;                    ///< once, when all is done
  };

  explicit Days(Setup setup)
      : setup_(std::move(setup)) {}

  void begin();

  /// To be called when records of the day got done.
  void read_on(const WindowPtr& window);

private:
  void next_window();
  void take(const WindowPtr& window, std::string body, bool is_tie);

  Setup setup_;
  std::size_t open_windows_ = 0;
  bool over_ = false;
};

} // namespace straight
