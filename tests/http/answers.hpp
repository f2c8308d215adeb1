#pragma once

#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

/// Sends and waits for the answer; the deadline is the test's, not the client's.
inline dialogferry::http::Answer ask(dialogferry::http::Client& client, dialogferry::http::Request request) {
  auto promise = std::make_shared<std::promise<dialogferry::http::Answer>>();
  auto future = promise->get_future();
  client.send(std::make_shared<const dialogferry::http::Request>(std::move(request)),
              [promise](dialogferry::http::Answer answer) { promise->set_value(std::move(answer)); });
  if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
    return tl::unexpected(dialogferry::http::TransportError{{}, "the handler was never called"});
  }
  return future.get();
}

/// The answer has to be a fault.
inline dialogferry::http::TransportFault fault_of(const dialogferry::http::Answer& answer) {
  REQUIRE_FALSE(answer);
  return answer.error().kind;
}

inline dialogferry::http::Request get(std::string target) {
  dialogferry::http::Request request;
  request.target = std::move(target);
  return request;
}

inline dialogferry::http::Request post(std::string target, std::string body) {
  dialogferry::http::Request request;
  request.method = dialogferry::http::Method::post;
  request.target = std::move(target);
  request.body = std::move(body);
  request.content_type = "application/json";
  return request;
}

inline std::unique_ptr<dialogferry::http::Client> connect(dialogferry::http::IoPool& pool,
                                                          std::string base_url,
                                                          dialogferry::http::ClientOptions options = {}) {
  options.base_url = std::move(base_url);
  return dialogferry::http::Client::create(pool, std::move(options)).value();
}

/// Collects answers from any thread.
class Answers {
public:
  dialogferry::http::Handler handler() {
    return [this](dialogferry::http::Answer answer) { add(std::move(answer)); };
  }
  void add(dialogferry::http::Answer answer) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(answer));
    changed_.notify_all();
  }
  /// False when the number is not reached in half a minute.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return all_.size() >= count; });
  }
  std::vector<dialogferry::http::Answer> all() {
    const std::lock_guard lock(mutex_);
    return all_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<dialogferry::http::Answer> all_;
};
