#pragma once

#include "../status/support.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/status/site.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace dialogferry::status::test {

/// A site over a history of twenty years and live rows in varied states, served on a free port; published ten
/// times a second. `POST /test/next` lets something happen: a day completes, and live sync is held up.
class ServedPage {
public:
  ServedPage();
  ~ServedPage();
  ServedPage(const ServedPage&) = delete;
  ServedPage& operator=(const ServedPage&) = delete;

  std::string url() const { return server_->url(); }

private:
  std::atomic<int> happened_ = 0;
  std::atomic<bool> over_ = false;
  http::IoPool pool_{1};
  Site site_;
  std::unique_ptr<http::Server> server_;
  std::thread publisher_;
};

} // namespace dialogferry::status::test
