#pragma once

#include "common.hpp"
#include "days.hpp"

#include <dialogferry/mapping/settings.hpp>

#include <future>

namespace straight {

/// Both hops of messages: pages of the archive, M2 of each message, M3 of lists of a day.
class MessageLoop {
public:
  MessageLoop(const Options& options, std::atomic<std::int32_t>& next_day);

  void start();

  /// How many messages got a dialog.
  std::uint64_t wait() { return done_.get_future().get(); }

private:
  void carry(const WindowPtr& window, const Days::Page& page, const std::vector<std::uint32_t>& rows);
  void migrated(const WindowPtr& window, std::string body);
  void publish(const WindowPtr& window);

  dialogferry::mapping::Settings settings_;
  dialogferry::codec::Parser parser_;
  std::uint64_t published_ = 0;
  std::promise<std::uint64_t> done_;
  dialogferry::http::IoPool pool_{1};
  std::unique_ptr<dialogferry::http::Client> archive_;
  std::unique_ptr<dialogferry::http::Client> correspondence_;
  Days days_;
};

} // namespace straight
