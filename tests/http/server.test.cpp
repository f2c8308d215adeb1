#include "answers.hpp"
#include "wire.hpp"

#include <dialogferry/http/server.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Server> serve(IoPool& pool, std::vector<Route> routes, ServerOptions options = {}) {
  options.listen = "127.0.0.1:0";
  return Server::start(pool, std::move(options), std::move(routes)).value();
}

Route echo() {
  return {Method::post, "/echo", [](const ServerRequest& request, const Reply& reply) {
            reply({200, "text/plain", request.body, {{"X-Query", request.query}}});
          }};
}

Route hello() {
  return {Method::get, "/hello", [](const ServerRequest&, const Reply& reply) {
            reply({200, "text/plain", "hi", {}});
          }};
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace

TEST_CASE("A server answers what its routes say, over one kept connection", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {echo(), hello()});
  const auto client = connect(pool, server->url());
  for (int i = 0; i < 10; ++i) {
    CHECK(ask(*client, post("/echo?a=1", "body " + std::to_string(i)))->body == "body " + std::to_string(i));
  }
  const auto answer = ask(*client, get("/hello"));
  CHECK(answer->status == 200);
  CHECK(answer->content_type == "text/plain");
  CHECK(answer->body == "hi");
  CHECK(client->stats().connects == 1);
}

TEST_CASE("A server's request is what came over the wire", "[http][server]") {
  IoPool pool(1);
  ServerRequest seen;
  const auto server =
      serve(pool, {{Method::post, "/control/*", [&](const ServerRequest& request, const Reply& reply) {
                      seen = request;
                      reply({204, "", "", {}});
                    }}});
  Wire wire(server->port());
  wire.send("POST /control/a%20b?x=1&y=%C3%B8+z&x=2&flag HTTP/1.1\r\nHost: h\r\nX-One: 1\r\n"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(wire.to_end() == "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  CHECK(seen.method == Method::post);
  CHECK(seen.path == "/control/a b");
  CHECK(seen.body == "abcde");
  CHECK(seen.header("x-one") == "1");
  CHECK(seen.header("absent").empty());
  CHECK(seen.parameter("x") == "1");
  CHECK(seen.parameter("y") == "ø z");
  CHECK(seen.parameter("flag") == "");
  CHECK_FALSE(seen.parameter("z"));
  CHECK(seen.from_loopback);
}

TEST_CASE("What no route serves is answered as such", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {hello()});
  const auto client = connect(pool, server->url());
  CHECK(ask(*client, get("/nothing"))->status == 404);
  CHECK(ask(*client, get("/hello/below"))->status == 404);
  CHECK(ask(*client, post("/hello", ""))->status == 405);
  auto head = get("/hello");
  head.method = Method::head;
  const auto answer = ask(*client, head);
  CHECK(answer->status == 200);
  CHECK(answer->body.empty());
  CHECK(client->stats().connects == 1);
}

TEST_CASE("What is not a request, or too much of one, is refused and the connection closed",
          "[http][server]") {
  IoPool pool(1);
  ServerOptions options;
  options.max_body = 10;
  options.max_header = 1'000;
  const auto server = serve(pool, {echo()}, options);
  Wire wire(server->port());
  const auto refused_with = [&](int status) {
    return wire.to_end().rfind("HTTP/1.1 " + std::to_string(status) + " ", 0) == 0;
  };
  SECTION("a body over the limit, announced") {
    wire.send("POST /echo HTTP/1.1\r\nContent-Length: 11\r\n\r\n12345678901");
    CHECK(refused_with(413));
  }
  SECTION("a body over the limit, in chunks") {
    wire.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: "
              "chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n");
    CHECK(refused_with(413));
  }
  SECTION("a header over the limit") {
    wire.send("GET /echo HTTP/1.1\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n");
    CHECK(refused_with(431));
  }
  SECTION("no HTTP at all") {
    wire.send("hello there\r\n\r\n");
    CHECK(refused_with(400));
  }
  SECTION("a target that is no path") {
    wire.send("GET http://elsewhere/ HTTP/1.1\r\n\r\n");
    CHECK(refused_with(400));
  }
  SECTION("a broken escape") {
    wire.send("GET /%4 HTTP/1.1\r\n\r\n");
    CHECK(refused_with(400));
  }
  SECTION("an unknown method") {
    wire.send("BREW /echo HTTP/1.1\r\n\r\n");
    CHECK(refused_with(501));
  }
}

TEST_CASE("A client that asks before it sends its body is invited", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {echo()});
  Wire wire(server->port());
  wire.send("POST /echo HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
  CHECK(wire.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  wire.send("ok");
  const auto answer = wire.to_end();
  CHECK(answer.substr(answer.size() - 2) == "ok");
}

TEST_CASE("Requests sent in one go are answered in order", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {echo()});
  Wire wire(server->port());
  wire.send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nonePOST /echo HTTP/1.1\r\nContent-Length: 3\r\n"
            "Connection: close\r\n\r\ntwo");
  const auto answers = wire.to_end();
  CHECK(answers.find("one") < answers.find("two"));
  CHECK(answers.find("two") != std::string::npos);
}

TEST_CASE("A client that does not finish its request is let go", "[http][server]") {
  IoPool pool(1);
  ServerOptions options;
  options.read_timeout = 50ms;
  const auto server = serve(pool, {echo()}, options);
  Wire wire(server->port());
  SECTION("nothing sent") {}
  SECTION("half a header") {
    wire.send("POST /echo HTT");
  }
  SECTION("half a body") {
    wire.send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\non");
  }
  CHECK(wire.to_end().empty());
}

TEST_CASE("Who keeps the server waiting for longest makes room for others", "[http][server]") {
  IoPool pool(1);
  ServerOptions options;
  options.max_connections = 2;
  options.max_newcomers = 2;
  const auto server = serve(pool, {hello()}, options);
  const auto greet = [](Wire& wire) {
    wire.send("GET /hello HTTP/1.1\r\n\r\n");
    return wire.until("hi").rfind("HTTP/1.1 200", 0) == 0;
  };
  SECTION("among those that have asked before") {
    Wire first(server->port());
    Wire second(server->port());
    CHECK(greet(first));
    CHECK(greet(second));
    CHECK(greet(first));
    Wire third(server->port());
    CHECK(greet(third));
    CHECK(second.to_end().empty());
    CHECK(greet(first));
  }
  SECTION("among those that have sent nothing whole, who are not in the way of the others") {
    Wire known(server->port());
    CHECK(greet(known));
    Wire trickling(server->port());
    trickling.send("GET /hel");
    Wire silent(server->port());
    Wire third(server->port());
    CHECK(trickling.to_end().empty());
    CHECK(greet(silent));
    CHECK(greet(third));
  }
}

TEST_CASE("Who waits for the server is not cut off, others are told that it has enough to do",
          "[http][server]") {
  IoPool pool(1);
  std::vector<Reply> kept;
  std::promise<void> reached;
  ServerOptions options;
  options.max_requests = 1;
  Route own = hello();
  own.path = "/own";
  own.places = 1;
  const auto server = serve(pool,
                            {own,
                             hello(),
                             {Method::get, "/slow",
                              [&](const ServerRequest&, const Reply& reply) {
                                kept.push_back(reply);
                                reached.set_value();
                              }}},
                            options);
  Wire slow(server->port());
  slow.send("GET /slow HTTP/1.1\r\n\r\n");
  reached.get_future().get();
  const auto client = connect(pool, server->url());
  const auto busy = ask(*client, get("/hello"));
  CHECK(busy->status == 503);
  CHECK(busy->retry_after == 1s);
  CHECK(ask(*client, get("/own"))->status == 200); // has a place of its own
  kept.front()({200, "text/plain", "done", {}});
  CHECK(slow.until("done").rfind("HTTP/1.1 200", 0) == 0);
  CHECK(ask(*client, get("/hello"))->status == 200);
}

TEST_CASE("Bodies that come slowly make room for others", "[http][server]") {
  IoPool pool(1);
  ServerOptions options;
  options.max_body = 1'000;
  options.max_bodies = 1'500;
  const auto server = serve(pool, {echo()}, options);
  Wire announced(server->port());
  announced.send("POST /echo HTTP/1.1\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n");
  CHECK_FALSE(announced.until("\r\n\r\n").empty());
  Wire chunked(server->port()); // may become as long as any
  chunked.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  CHECK_FALSE(chunked.until("\r\n\r\n").empty());
  CHECK(announced.to_end().empty());
  const auto client = connect(pool, server->url());
  CHECK(ask(*client, post("/echo", std::string(600, 'x')))->body.size() == 600);
  CHECK(chunked.to_end().empty());
}

TEST_CASE("A first line of a chunk that never ends is refused", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {echo()});
  Wire wire(server->port());
  wire.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(1 << 20, 'x'));
  const auto answer = wire.to_end();
  CHECK((answer.empty() || answer.rfind("HTTP/1.1 4", 0) == 0));
}

// -- replies ------------------------------------------------------------------------------

TEST_CASE("A reply may come later and from another thread; the first counts", "[http][server]") {
  IoPool pool(1);
  std::promise<Reply> kept;
  const auto server = serve(pool, {{Method::get, "/later", [&](const ServerRequest&, const Reply& reply) {
                                      kept.set_value(reply);
                                    }}});
  Answers answers;
  const auto client = connect(pool, server->url());
  client->send(std::make_shared<const Request>(get("/later")), answers.handler());
  const auto reply = kept.get_future().get();
  reply({200, "text/plain", "first", {}});
  reply({200, "text/plain", "second", {}});
  REQUIRE(answers.wait_for(1));
  CHECK(answers.all()[0]->body == "first");
}

TEST_CASE("A request that nobody answers gets a 500", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {{Method::get, "/lost", [](const ServerRequest&, const Reply&) {}}});
  const auto client = connect(pool, server->url());
  CHECK(ask(*client, get("/lost"))->status == 500);
  CHECK(ask(*client, get("/lost"))->status == 500);
  CHECK(client->stats().connects == 1);
}

TEST_CASE("A header with a line break is not sent", "[http][server]") {
  IoPool pool(1);
  const auto server = serve(pool, {{Method::get, "/", [](const ServerRequest&, const Reply& reply) {
                                      reply({200, "text/plain", "x", {{"A", "b\r\nC: d"}}});
                                    }}});
  CHECK(ask(*connect(pool, server->url()), get("/"))->status == 500);
}

TEST_CASE("A reply outlives its server and its threads", "[http][server]") {
  std::optional<Reply> kept;
  {
    IoPool pool(1);
    std::promise<void> reached;
    const auto server = serve(pool, {{Method::get, "/", [&](const ServerRequest&, const Reply& reply) {
                                        kept = reply;
                                        reached.set_value();
                                      }}});
    Wire wire(server->port());
    wire.send("GET / HTTP/1.1\r\n\r\n");
    reached.get_future().get();
  }
  (*kept)({200, "text/plain", "late", {}});
  CHECK_FALSE(kept->stream().is_open());
}

// -- events ---------------------------------------------------------------------------------

namespace {

/// A server with a stream of events that the test writes.
struct Events {
  std::promise<EventStream> opened;
  IoPool pool{1};
  std::unique_ptr<Server> server;

  explicit Events(ServerOptions options = {})
      : server(
            serve(pool,
                  {{Method::get, "/api/events",
                    [this](const ServerRequest&, const Reply& reply) { opened.set_value(reply.stream()); }}},
                  std::move(options))) {}
};

} // namespace

TEST_CASE("Events are streamed as they come", "[http][server]") {
  Events world;
  Wire wire(world.server->port());
  wire.send("GET /api/events HTTP/1.1\r\n\r\n");
  const auto stream = world.opened.get_future().get();
  CHECK(wire.until("\r\n\r\n").find("Content-Type: text/event-stream") != std::string::npos);
  CHECK(stream.send("status", "{\"a\":1}"));
  CHECK(wire.until("\n\n") == "event: status\ndata: {\"a\":1}\n\n");
  CHECK(stream.send("", "two\r\nlines\n"));
  CHECK(wire.until("\n\n") == "data: two\ndata: lines\ndata: \n\n");
  SECTION("and the end comes after the last one") {
    CHECK(stream.send("bye", "x"));
    stream.close();
    CHECK(wire.to_end() == "event: bye\ndata: x\n\n");
    CHECK_FALSE(stream.send("after", "x"));
  }
  SECTION("and a server that stops ends them") {
    world.server->stop();
    CHECK(wire.to_end().empty());
    CHECK_FALSE(stream.is_open());
  }
}

TEST_CASE("A stream is told when its client has gone", "[http][server]") {
  Events world;
  auto wire = std::make_unique<Wire>(world.server->port());
  wire->send("GET /api/events HTTP/1.1\r\n\r\n");
  const auto stream = world.opened.get_future().get();
  wire->until("\r\n\r\n");
  wire.reset();
  CHECK(eventually([&] { return !stream.is_open(); }));
}

TEST_CASE("A silent stream is pinged, a client that does not read is cut off", "[http][server]") {
  ServerOptions options;
  options.event_ping = 30ms;
  options.max_stream_backlog = 100'000;
  Events world(options);
  Wire wire(world.server->port());
  wire.send("GET /api/events HTTP/1.1\r\n\r\n");
  const auto stream = world.opened.get_future().get();
  wire.until("\r\n\r\n");
  CHECK(wire.until("\n\n") == ":\n\n");
  const std::string large(10'000, 'x');
  CHECK(eventually([&] { return !stream.send("more", large); }));
  CHECK_FALSE(stream.is_open());
}

TEST_CASE("Streams are bounded in number and time", "[http][server]") {
  IoPool pool(1);
  std::mutex mutex;
  std::vector<EventStream> streams;
  ServerOptions options;
  options.max_streams = 2;
  options.max_stream_time = 500ms;
  const auto server = serve(pool,
                            {{Method::get, "/api/events",
                              [&](const ServerRequest&, const Reply& reply) {
                                const std::lock_guard lock(mutex);
                                streams.push_back(reply.stream());
                              }}},
                            options);
  Wire first(server->port());
  Wire second(server->port());
  for (auto* wire : {&first, &second}) {
    wire->send("GET /api/events HTTP/1.1\r\n\r\n");
    CHECK(wire->until("\r\n\r\n").rfind("HTTP/1.1 200", 0) == 0);
  }
  Wire third(server->port());
  third.send("GET /api/events HTTP/1.1\r\n\r\n");
  CHECK(third.until("\r\n\r\n").rfind("HTTP/1.1 503", 0) == 0);
  CHECK(first.to_end().empty());
  CHECK(second.to_end().empty());
  third.send("GET /api/events HTTP/1.1\r\n\r\n");
  CHECK(third.until("HTTP/1.1 200").size() > 12);
}

// -- starting and stopping --------------------------------------------------------------------

TEST_CASE("A server that stops finishes what it has begun and takes nothing more", "[http][server]") {
  IoPool pool(1);
  std::promise<Reply> kept;
  const auto server = serve(pool, {{Method::get, "/slow", [&](const ServerRequest&, const Reply& reply) {
                                      kept.set_value(reply);
                                    }}});
  Wire idle(server->port());
  Wire busy(server->port());
  busy.send("GET /slow HTTP/1.1\r\n\r\n");
  const auto reply = kept.get_future().get();
  server->stop();
  CHECK(idle.to_end().empty());
  reply({200, "text/plain", "done", {}});
  const auto answer = busy.to_end();
  CHECK(answer.find("Connection: close") != std::string::npos);
  CHECK(answer.substr(answer.size() - 4) == "done");
  CHECK_THROWS(Wire(server->port()));
}

TEST_CASE("An address that cannot be listened on is refused with its name", "[http][server]") {
  IoPool pool(1);
  const auto taken = serve(pool, {});
  for (const auto& listen :
       {std::string("127.0.0.1"), std::string("example.com:1"), std::string("127.0.0.1:x"),
        std::string("127.0.0.1:70000"), std::string(""), "127.0.0.1:" + std::to_string(taken->port())}) {
    ServerOptions options;
    options.listen = listen;
    const auto server = Server::start(pool, options, {});
    CAPTURE(listen);
    REQUIRE_FALSE(server);
    CHECK(server.error().member == "status.listen");
  }
}
