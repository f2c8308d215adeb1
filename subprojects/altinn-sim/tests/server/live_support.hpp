#pragma once

#include "controls.hpp"
#include "loopback.hpp"
#include "platform.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace altinn_sim::test {

namespace json = boost::json;

/// Takes events; answers the first few with what the test wants.
struct Receiver {
  Receiver()
      : server({}, [this](const Incoming& in) { return take(in); }) {}

  Answer take(const Incoming& in) {
    const std::lock_guard lock(mutex);
    if (answers) {
      if (auto answer = answers(in)) return std::move(*answer);
    }
    bodies.emplace_back(in.body);
    targets.emplace_back(in.target);
    arrived.notify_all();
    Answer answer;
    answer.response.status = bodies.size() <= refused ? 410 : 204;
    return answer;
  }

  /// False where fewer came within ten seconds.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    return arrived.wait_for(lock, std::chrono::seconds(10), [&] { return bodies.size() >= count; });
  }

  std::vector<json::object> events() {
    const std::lock_guard lock(mutex);
    std::vector<json::object> out;
    for (const auto& body : bodies)
      out.push_back(json::parse(body).as_object());
    return out;
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()) + "/events?code=s"; }

  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<std::string> bodies, targets;
  std::size_t refused = 0;
  /// Answers in its own way, uncounted, where it likes.
  std::function<std::optional<Answer>(const Incoming&)> answers;
  RunningServer server;
};

struct LivePlatform {
  static Options options() {
    Options options;
    options.first_day = 20'089;
    options.last_day = 20'090;
    options.per_day = 50;
    options.organisations = 2;
    return options;
  }

  LivePlatform()
      : platform(options())
      , simulator({})
      , server({}, [this](const Incoming& in) { return simulator.answer(in); })
      , client(server.port()) {
    platform.attach_to(simulator);
    add_controls(simulator);
  }

  json::value emit(const std::string& orders, int status = 200) {
    const auto reply = client.post("/_sim/emit", orders);
    INFO(reply.body);
    CHECK(reply.status == status);
    return json::parse(reply.body);
  }

  json::object counts() { return json::parse(client.get("/_sim/emit").body).as_object(); }

  /// Asks again until it is so; false after ten seconds.
  template <class Condition>
  bool becomes(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition(counts())) {
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }

  std::string created() {
    const auto made = emit(R"({"changes":[{"kind":"create","organisation":"skd"}]})");
    return std::string(made.at("changes").at(0).at("instance").as_string());
  }

  Platform platform;
  Simulator simulator;
  RunningServer server;
  Client client;
};

inline std::string change(const std::string& kind, const std::string& instance,
                          const std::string& more = {}) {
  return R"({"changes":[{"kind":")" + kind + R"(","instance":")" + instance + "\"" + more + "}]}";
}

inline bool is_idle(const json::object& counts) {
  return !counts.at("running").as_bool() && counts.at("pending") == 0;
}

} // namespace altinn_sim::test
