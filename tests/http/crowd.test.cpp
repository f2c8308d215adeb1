#include "answers.hpp"
#include "wire.hpp"

#include <dialogferry/http/server.hpp>

#include <atomic>
#include <sys/resource.h>
#include <thread>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

/// A server as the engine has it, on a thread of its own.
struct Site {
  std::mutex mutex;
  std::vector<EventStream> streams;
  IoPool pool{1};
  std::unique_ptr<Server> server = Server::start(pool, options(), routes()).value();

  static ServerOptions options() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    return options;
  }

  std::vector<Route> routes() {
    const auto ok = [](const ServerRequest&, const Reply& reply) { reply({200, "text/plain", "ok", {}}); };
    return {{Method::get, "/healthz", ok, 32},
            {Method::post, "/events", ok, 256},
            {Method::get, "/api/events", [this](const ServerRequest&, const Reply& reply) {
               const std::lock_guard lock(mutex);
               streams.push_back(reply.stream());
             }}};
  }

  void publish(std::string_view data) {
    const std::lock_guard lock(mutex);
    for (const auto& stream : streams)
      stream.send("status", data);
  }
};

/// Asks for both in turn, over a connection each time, until it is told to stop, and keeps the longest time.
class Asker {
public:
  explicit Asker(std::uint16_t port)
      : thread_([this, port] {
        for (int turn = 0; !stop_; ++turn)
          ask(port, turn % 2 == 0
                        ? "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"
                        : "POST /events HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
      }) {}
  ~Asker() {
    stop_ = true;
    thread_.join();
  }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  /// Waits for some more answers.
  void ask_on() const {
    const int asked = asked_;
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (asked_ < asked + 20 && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
  }
  int failed() const { return failed_; }
  /// The longest time since it was asked for last.
  std::chrono::milliseconds longest() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::nanoseconds(longest_.exchange(0)));
  }

private:
  void ask(std::uint16_t port, std::string_view request) {
    const auto begun = std::chrono::steady_clock::now();
    Wire wire(port);
    wire.send(request);
    if (wire.to_end().rfind("HTTP/1.1 200", 0) != 0) ++failed_;
    const std::int64_t took = (std::chrono::steady_clock::now() - begun) / 1ns;
    if (took > longest_) longest_ = took;
    ++asked_;
  }

  std::atomic<bool> stop_{false};
  std::atomic<int> asked_{0};
  std::atomic<int> failed_{0};
  std::atomic<std::int64_t> longest_{0};
  std::thread thread_;
};

/// How many connections of its own the test may open beside the server's.
std::size_t most_opened() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  return std::min<std::size_t>(10'000, files.rlim_max > 4'000 ? files.rlim_max - 3'000 : files.rlim_max / 4);
}

} // namespace

TEST_CASE("A crowd that reads nothing, trickles or just connects keeps nobody waiting",
          "[http][server][crowd]") {
  const auto opened = most_opened();
  if (opened < 10'000) WARN("only " << opened << " connections may be opened here");
  Site site;
  const auto port = site.server->port();
  Asker asker(port);
  asker.ask_on();
  asker.longest();
  asker.ask_on();
  const bool quiet = asker.longest() < 10ms;

  std::vector<std::unique_ptr<Wire>> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(std::make_unique<Wire>(port));
    crowd.back()->send("GET /api/events HTTP/1.1\r\n\r\n");
  }
  const std::string data(20'000, 'x');
  for (int i = 0; i < 5; ++i)
    site.publish(data);
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(std::make_unique<Wire>(port));
    crowd.back()->send("GET /heal");
  }
  boost::asio::io_context context;
  std::vector<boost::asio::ip::tcp::socket> silent;
  for (std::size_t i = 0; i < opened; ++i) {
    silent.emplace_back(context);
    boost::system::error_code ignored;
    silent.back().connect({boost::asio::ip::address_v4::loopback(), port}, ignored);
    if (i % 1'000 == 0) site.publish(data); // the engine does it once a second
  }
  for (std::size_t i = 300; i < 600; ++i)
    crowd[i]->send("thz HTTP/1.1\r\n");
  asker.ask_on();
  CHECK(asker.failed() == 0);
  const auto longest = asker.longest();
  if (quiet)
    CHECK(longest < 200ms);
  else
    WARN("skipped: the time limit, since others keep this machine busy; the longest answer took "
         << longest.count() << " ms");
}
