#include "loopback.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <zlib.h>

using namespace altinn_sim;
using namespace altinn_sim::test;
using namespace std::chrono_literals;

namespace {

Answer echo(const Incoming& in) {
  Answer answer;
  answer.response.body = std::string(in.method) + " " + std::string(in.target) + " " + std::string(in.body);
  answer.response.headers.emplace_back("Etag", std::string(in.if_match));
  return answer;
}

std::function<Answer(const Incoming&)> delivering(Delivery delivery) {
  return [delivery](const Incoming&) {
    return Answer{{200, "a body of some length", "text/plain", {}}, delivery, {}};
  };
}

std::string unpacked(const std::string& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string text(1 << 20, '\0');
  std::string input = packed;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

} // namespace

TEST_CASE("a request reaches the handler whole and its answer comes back on the same connection") {
  RunningServer server({}, echo);
  Client client(server.port());
  for (int round = 0; round < 3; ++round) {
    auto reply = client.send("PUT", "/a%20b?c=d", "the body", {{"If-Match", "rev"}});
    CHECK(reply.status == 200);
    CHECK(reply.body == "PUT /a%20b?c=d the body");
    CHECK(reply.head.find("Etag: rev") != std::string::npos);
  }
}

TEST_CASE("many connections are served by several threads") {
  std::atomic<int> asked = 0;
  RunningServer server({0, 3, false}, [&](const Incoming& in) {
    ++asked;
    return echo(in);
  });
  std::vector<std::unique_ptr<Client>> clients;
  for (int at = 0; at < 24; ++at)
    clients.push_back(std::make_unique<Client>(server.port()));
  for (int round = 0; round < 5; ++round) {
    for (auto& client : clients)
      CHECK(client->get("/x").status == 200);
  }
  CHECK(asked == 120);
}

TEST_CASE("what is no HTTP is refused and the connection closed") {
  RunningServer server({}, echo);
  Client client(server.port());
  CHECK(client.raw("nonsense\r\n\r\n").substr(0, 12) == "HTTP/1.1 400");
  CHECK(client.raw("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n").substr(0, 12) == "HTTP/1.1 413");
}

TEST_CASE("a body over 20 000 000 bytes is refused from its Content-Length, before it is read", "[OD-10]") {
  RunningServer server({}, echo);
  Client client(server.port());
  auto head_alone = client.raw("POST /dialogporten HTTP/1.1\r\nHost: x\r\nContent-Length: 20000001\r\n\r\n");
  CHECK(head_alone.starts_with("HTTP/1.1 413"));
  CHECK(head_alone.find("Connection: close") != std::string::npos);
  CHECK(head_alone.find("Content-Type: application/json; charset=utf-8") != std::string::npos);
  CHECK(client.post("/x", std::string(20'000'001, 'x')).status == 413);
  CHECK(client.post("/x", std::string(19'900'000, 'x')).status == 200);
}

TEST_CASE("an answer without content has neither body nor length") {
  RunningServer server({}, [](const Incoming&) { return Answer{{204, {}, {}, {}}, {}, {}}; });
  Client client(server.port());
  auto reply = client.get("/");
  CHECK(reply.status == 204);
  CHECK(reply.head.find("Content-") == std::string::npos);
  CHECK(client.get("/").status == 204);
}

TEST_CASE("answers are compressed for those who accept it, if the server was told to") {
  std::string text(5000, 'x');
  auto handler = [&](const Incoming&) { return Answer{{200, text, "text/plain", {}}, {}, {}}; };
  RunningServer server({0, 1, true}, handler);
  Client client(server.port());
  auto packed = client.get("/", {{"Accept-Encoding", "gzip"}});
  CHECK(packed.head.find("Content-Encoding: gzip") != std::string::npos);
  CHECK(unpacked(packed.body) == text);
  CHECK(client.get("/").body == text);
}

TEST_CASE("a delayed answer comes after its delay and holds nobody else up") {
  RunningServer server({}, [](const Incoming& in) {
    Answer answer{{200, "late", "text/plain", {}}, {}, {}};
    if (in.target == "/late") answer.delivery.delay = 60ms;
    return answer;
  });
  auto begun = std::chrono::steady_clock::now();
  std::vector<std::thread> waiting;
  for (int at = 0; at < 20; ++at) {
    waiting.emplace_back([&] { Client(server.port()).get("/late"); });
  }
  Client client(server.port());
  CHECK(client.get("/late").body == "late");
  CHECK(std::chrono::steady_clock::now() - begun >= 60ms);
  for (auto& each : waiting)
    each.join();
  CHECK(std::chrono::steady_clock::now() - begun < 20 * 60ms);
}

TEST_CASE("a reset connection brings no answer, and the next one works") {
  std::atomic<int> asked = 0;
  RunningServer server({}, [&](const Incoming&) {
    Answer answer{{200, "ok", "text/plain", {}}, {}, {}};
    if (++asked == 1) answer.delivery.way = Delivery::Way::reset;
    return answer;
  });
  Client client(server.port());
  CHECK(client.get("/").status == 0);
  CHECK(client.get("/").status == 200);
}

TEST_CASE("a dribbled body is complete in the end, a stalled one never is") {
  auto begun = std::chrono::steady_clock::now();
  RunningServer slow({}, delivering({Delivery::Way::dribble, 0us, 60ms}));
  Client client(slow.port());
  CHECK(client.get("/").body == "a body of some length");
  CHECK(std::chrono::steady_clock::now() - begun >= 50ms);
  CHECK(client.get("/").body == "a body of some length");
  RunningServer stalled({}, delivering({Delivery::Way::stall, 0us, 30ms}));
  CHECK(Client(stalled.port()).get("/").status == 0);
  auto raw = Client(stalled.port()).raw("GET / HTTP/1.1\r\n\r\n");
  CHECK(raw.find("Content-Length: 21") != std::string::npos);
  CHECK(raw.substr(raw.find("\r\n\r\n") + 4) == "a body of ");
}
