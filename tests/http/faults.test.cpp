#include "answers.hpp"
#include "raw_server.hpp"

#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <set>
#include <zlib.h>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

/// A server whose answer to every request is these bytes, and then the end of the connection.
raw::Script bytes_then_end(std::string bytes) {
  return [bytes = std::move(bytes)](raw::Session& session) {
    raw::Request request;
    if (session.read(request)) session.write(bytes);
  };
}

std::string packed(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

/// Nobody listens there.
std::string free_url() {
  return raw::Server([](raw::Session&) {}).url();
}

} // namespace

// -- deadlines ---------------------------------------------------------------------------

TEST_CASE("An answer that does not come in time is a timeout, in whatever phase", "[http]") {
  ClientOptions options;
  options.timeout = 60ms;
  options.connections = 1;
  std::string phase;
  raw::Script script;
  SECTION("nothing comes") {
    script = raw::wait_for_close;
    phase = "while waiting for the answer";
  }
  SECTION("half a header comes") {
    script = raw::each(
        [](raw::Session& session, const raw::Request&) { session.write("HTTP/1.1 200 OK\r\nCont"); });
    phase = "in the middle of the answer";
  }
  SECTION("half a body comes") {
    script = raw::each([](raw::Session& session, const raw::Request&) {
      session.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    });
    phase = "in the middle of the answer";
  }
  raw::Server server(script);
  IoPool pool(1);
  const auto client = connect(pool, server.url(), options);
  const auto answer = ask(*client, get("/"));
  CHECK(fault_of(answer) == TransportFault::timeout);
  CHECK(answer.error().text == "no answer within 60 ms, given up " + phase);
  CHECK(ask(*client, get("/")).error().kind == TransportFault::timeout);
  CHECK(server.accepted() == 2); // a connection with an answer missing is not used again
}

TEST_CASE("A body that drips slower than the deadline is a timeout", "[http]") {
  raw::Server server([](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (session.write("1\r\nx\r\n")) {
    }
  });
  IoPool pool(1);
  ClientOptions options;
  options.timeout = 60ms;
  options.max_response = std::size_t{1} << 40;
  const auto answer = ask(*connect(pool, server.url(), options), get("/"));
  CHECK(fault_of(answer) == TransportFault::timeout);
}

TEST_CASE("The time spent waiting for a connection counts", "[http]") {
  raw::Server server(raw::wait_for_close);
  Answers answers;
  IoPool pool(1);
  ClientOptions options;
  options.timeout = 60ms;
  options.connections = 1;
  const auto client = connect(pool, server.url(), options);
  const auto request = std::make_shared<const Request>(get("/"));
  for (int i = 0; i < 3; ++i)
    client->send(request, answers.handler());
  REQUIRE(answers.wait_for(3));
  std::multiset<std::string> texts;
  for (const auto& answer : answers.all())
    texts.insert(answer.error().text);
  CHECK(texts.count("no answer within 60 ms, given up while waiting for a connection") >= 1);
  CHECK(client->stats().outstanding == 0);
}

// -- broken answers ------------------------------------------------------------------------

TEST_CASE("What is not a whole answer is told apart", "[http]") {
  struct Row {
    const char* name;
    std::string bytes;
    TransportFault fault;
  };
  const std::vector<Row> rows = {
      {"nothing", "", TransportFault::reset},
      {"half a header", "HTTP/1.1 200 OK\r\nConte", TransportFault::reset},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", TransportFault::reset},
      {"half the chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
       TransportFault::reset},
      {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", TransportFault::protocol},
      {"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", TransportFault::protocol},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       TransportFault::protocol},
      {"a chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n",
       TransportFault::protocol},
      {"a body over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", TransportFault::too_large},
      {"chunks over the limit",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') +
           "\r\n0\r\n\r\n",
       TransportFault::too_large},
      {"an endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'), TransportFault::too_large},
      {"an unknown packing", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
       TransportFault::protocol},
      {"not gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
       TransportFault::protocol},
  };
  IoPool pool(1);
  ClientOptions options;
  options.max_response = 1'000;
  for (const auto& row : rows) {
    CAPTURE(row.name);
    raw::Server server(bytes_then_end(row.bytes));
    CHECK(name_of(fault_of(ask(*connect(pool, server.url(), options), get("/")))) == name_of(row.fault));
  }
}

TEST_CASE("A reset in the middle of a body is a reset", "[http]") {
  raw::Server server([](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    session.reset();
  });
  IoPool pool(1);
  CHECK(fault_of(ask(*connect(pool, server.url()), get("/"))) == TransportFault::reset);
}

TEST_CASE("Whole answers of every shape are read", "[http]") {
  struct Row {
    const char* name;
    std::string bytes;
    int status;
    std::string body;
  };
  const std::vector<Row> rows = {
      {"chunks",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n",
       200, "abcde"},
      {"up to the end", "HTTP/1.1 200 OK\r\n\r\nabc", 200, "abc"},
      {"no content", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      {"an interim answer first",
       "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", 201, "x"},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nold", 200, "old"},
  };
  IoPool pool(1);
  for (const auto& row : rows) {
    CAPTURE(row.name);
    raw::Server server(bytes_then_end(row.bytes));
    const auto answer = ask(*connect(pool, server.url()), get("/"));
    REQUIRE(answer);
    CHECK(answer->status == row.status);
    CHECK(answer->body == row.body);
  }
}

TEST_CASE("Bytes that nobody asked for end the connection, not a request", "[http]") {
  raw::Server server([](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
    raw::wait_for_close(session);
  });
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  for (int i = 0; i < 3; ++i)
    CHECK(ask(*client, get("/"))->body == "a");
  CHECK(server.accepted() == 3);
}

TEST_CASE("Retry-After is read in seconds and as a date", "[http]") {
  struct Row {
    std::string header;
    std::optional<std::chrono::milliseconds> wait;
  };
  const std::vector<Row> rows = {
      {"Retry-After: 7\r\n", 7s},
      {"Retry-After: 0\r\n", 0s},
      {"Retry-After: 99999999999999999999\r\n", 24h},
      {"Retry-After: soon\r\n", {}},
      {"Retry-After: -5\r\n", {}},
      {"Date: Mon, 17 Nov 2025 12:00:00 GMT\r\nRetry-After: Mon, 17 Nov 2025 12:01:30 GMT\r\n", 90s},
      {"Retry-After: Mon, 17 Nov 2025 12:00:05 GMT\r\n", 5s}, // by the client's clock
      {"Retry-After: Mon, 17 Nov 2025 11:00:00 GMT\r\n", 0s},
      {"Retry-After: Mon, 17 Foo 2025 12:00:05 GMT\r\n", {}},
      {"", {}},
  };
  IoPool pool(1);
  ClientOptions options;
  options.now = [] { return *parse_instant("2025-11-17T12:00:00Z"); };
  for (const auto& row : rows) {
    CAPTURE(row.header);
    raw::Server server(
        raw::each([&](raw::Session& session, const raw::Request&) { session.answer(503, "", row.header); }));
    CHECK(ask(*connect(pool, server.url(), options), get("/"))->retry_after == row.wait);
  }
}

// -- gzip ------------------------------------------------------------------------------------

TEST_CASE("A packed body is asked for, unpacked, and bounded", "[http]") {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(i) + ",";
  const auto pack = packed(text);
  std::string body = pack;
  raw::Server server(raw::each([&](raw::Session& session, const raw::Request& request) {
    CHECK(request.has("\r\nAccept-Encoding: gzip"));
    session.answer(200, body, "Content-Encoding: gzip\r\n");
  }));
  IoPool pool(1);
  ClientOptions options;
  options.gzip = true;
  options.max_response = text.size();
  const auto client = connect(pool, server.url(), options);
  SECTION("whole") {
    const auto answer = ask(*client, get("/"));
    REQUIRE(answer);
    CHECK(answer->body == text);
    CHECK(answer->body.capacity() - answer->body.size() >= body_padding);
  }
  SECTION("in two members") {
    body = packed("one ") + packed("two");
    CHECK(ask(*client, get("/"))->body == "one two");
  }
  SECTION("cut short") {
    body.resize(pack.size() / 2);
    CHECK(fault_of(ask(*client, get("/"))) == TransportFault::protocol);
  }
  SECTION("garbled") {
    body[pack.size() - 6] = static_cast<char>(~body[pack.size() - 6]); // of the checksum
    CHECK(fault_of(ask(*client, get("/"))) == TransportFault::protocol);
  }
  SECTION("one byte over the limit") {
    body = packed(text + "x");
    CHECK(fault_of(ask(*client, get("/"))) == TransportFault::too_large);
  }
  SECTION("a bomb") {
    std::string zeros;
    zeros.resize(50'000'000);
    body = packed(zeros);
    REQUIRE(body.size() < text.size());
    CHECK(fault_of(ask(*client, get("/"))) == TransportFault::too_large);
  }
}

// -- connecting --------------------------------------------------------------------------------

TEST_CASE("What keeps a connection from being made is told", "[http]") {
  IoPool pool(1);
  CHECK(fault_of(ask(*connect(pool, free_url()), get("/"))) == TransportFault::connect);
  CHECK(fault_of(ask(*connect(pool, "http://no-such-host.invalid"), get("/"))) == TransportFault::resolve);
}

TEST_CASE("A server that is back is reached again", "[http]") {
  const auto script = raw::each([](raw::Session& session, const raw::Request&) { session.answer(200); });
  IoPool pool(1);
  auto server = std::make_unique<raw::Server>(script);
  const auto port = server->port();
  const auto client = connect(pool, server->url());
  CHECK(ask(*client, get("/")));
  server.reset();
  CHECK(fault_of(ask(*client, get("/"))) == TransportFault::connect);
  CHECK(fault_of(ask(*client, get("/"))) == TransportFault::connect);
  const raw::Server again(script, nullptr, port);
  CHECK(ask(*client, get("/")));
}

TEST_CASE("A kept connection that turns out to be closed costs a request nothing where it may be repeated",
          "[http]") {
  // The first connection answers once and ends when it has read the second request.
  raw::Server server([](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.answer(200, "one");
    if (session.number == 1) {
      session.read(request);
      return;
    }
    while (session.read(request))
      session.answer(200, "two");
  });
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  CHECK(ask(*client, get("/"))->body == "one");
  auto request = post("/", "x");
  SECTION("a GET") {
    CHECK(ask(*client, get("/")));
    CHECK(client->stats().repeats == 1);
  }
  SECTION("a POST that says so") {
    request.repeatable = true;
    CHECK(ask(*client, request));
    CHECK(client->stats().repeats == 1);
  }
  SECTION("but not another POST") {
    CHECK(fault_of(ask(*client, request)) == TransportFault::reset);
    CHECK(client->stats().repeats == 0);
  }
  SECTION("nor what may have changed something") {
    request.method = GENERATE(Method::put, Method::remove, Method::patch);
    const auto answer = ask(*client, request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == TransportFault::reset);
    CHECK(answer.error().may_have_arrived);
    CHECK(client->stats().repeats == 0);
  }
}

TEST_CASE("A request with a limit of its own is awaited for so long, once it is on its way", "[http][OR-3]") {
  std::promise<void> go_on;
  const auto released = go_on.get_future().share();
  raw::Server server(raw::each([released](raw::Session& session, const raw::Request& request) {
    if (request.has("/never")) return raw::wait_for_close(session);
    released.wait_for(30s);
    session.answer(200);
  }));
  IoPool pool(1);
  ClientOptions options;
  options.timeout = 100ms;
  const auto client = connect(pool, server.url(), options);
  Answers answers;
  SECTION("and answered") {
    client->send(std::make_shared<const Request>(post("/slow", "x")), answers.handler(), 30s);
    CHECK(fault_of(ask(*client, get("/never"))) == TransportFault::timeout); // the usual limit is over
    go_on.set_value();
    REQUIRE(answers.wait_for(1));
    CHECK(answers.all().front());
  }
  SECTION("and then given up, as one that may have arrived") {
    client->send(std::make_shared<const Request>(post("/never", "x")), answers.handler(), 300ms);
    REQUIRE(answers.wait_for(1));
    const auto answer = answers.all().front();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == TransportFault::timeout);
    CHECK(answer.error().may_have_arrived);
    CHECK(answer.error().text.find("within 300 ms") != std::string::npos);
  }
}

TEST_CASE("A request is repeated at most once", "[http]") {
  // Every connection but the first ends without an answer.
  std::atomic<int> requests{0};
  raw::Server server([&](raw::Session& session) {
    raw::Request request;
    while (session.read(request)) {
      if (++requests > 1) return;
      session.answer(200);
    }
  });
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  CHECK(ask(*client, get("/")));
  CHECK(fault_of(ask(*client, get("/"))) == TransportFault::reset);
  CHECK(requests == 3);
}

TEST_CASE("A request on a new connection is not repeated", "[http]") {
  std::atomic<int> requests{0};
  raw::Server server([&](raw::Session& session) {
    raw::Request request;
    if (session.read(request)) ++requests;
  });
  IoPool pool(1);
  CHECK(fault_of(ask(*connect(pool, server.url()), get("/"))) == TransportFault::reset);
  CHECK(requests == 1);
}

TEST_CASE("An unused connection is closed after a while", "[http]") {
  raw::Server server(raw::each([](raw::Session& session, const raw::Request&) { session.answer(200); }));
  IoPool pool(1);
  ClientOptions options;
  options.max_idle = 30ms;
  const auto client = connect(pool, server.url(), options);
  REQUIRE(ask(*client, get("/")));
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (client->stats().connections > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  CHECK(client->stats().connections == 0);
  CHECK(ask(*client, get("/")));
  CHECK(server.accepted() == 2);
}
