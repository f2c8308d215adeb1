#include "certificates.hpp"

#include <dialogferry/http/client.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

void check_refused(const Answer& answer, const std::string& reason) {
  REQUIRE_FALSE(answer);
  CHECK(name_of(answer.error().kind) == "tls");
  CHECK_THAT(answer.error().text, Catch::Contains(reason));
}

} // namespace

TEST_CASE("A server with a certificate of a trusted authority is talked to, by name and by address",
          "[http][tls]") {
  World world;
  CHECK(world.ask_as("localhost", world.ca_file)->body == "secret");
  CHECK(world.ask_as("127.0.0.1", world.ca_file)->body == "secret");
}

TEST_CASE("A server whose certificate is for another host is refused", "[http][tls]") {
  World world("DNS:platform.altinn.no");
  check_refused(world.ask_as("localhost", world.ca_file), "hostname mismatch");
  check_refused(world.ask_as("127.0.0.1", world.ca_file), "IP address mismatch");
}

TEST_CASE("A server of an unknown authority is refused", "[http][tls]") {
  World world;
  World other;
  check_refused(world.ask_as("localhost", ""), "unable to get local issuer certificate");
  check_refused(world.ask_as("localhost", other.ca_file), "certificate");
}

TEST_CASE("A certificate that has run out is refused", "[http][tls]") {
  World world("DNS:localhost", -7200, -3600);
  check_refused(world.ask_as("localhost", world.ca_file), "certificate has expired");
}

TEST_CASE("A server that speaks only what is older than TLS 1.2 is refused", "[http][tls]") {
  World world;
  SSL_CTX_set_security_level(world.tls.native_handle(), 0);
  SSL_CTX_set_max_proto_version(world.tls.native_handle(), TLS1_1_VERSION);
  check_refused(world.ask_as("localhost", world.ca_file), "");
}

TEST_CASE("A server that speaks no TLS is refused", "[http][tls]") {
  raw::Server plain([](raw::Session& session) { session.write("220 hello\r\n"); });
  IoPool pool(1);
  const auto answer = ask(*connect(pool, "https://127.0.0.1:" + std::to_string(plain.port())), get("/"));
  check_refused(answer, "");
}

TEST_CASE("Requests over TLS share connections, large bodies included", "[http][tls]") {
  World world;
  Answers answers;
  IoPool pool(2);
  ClientOptions options;
  options.ca_file = world.ca_file;
  options.connections = 4;
  const auto client = connect(pool, world.server->url("localhost"), options);
  std::vector<std::size_t> sizes;
  for (std::size_t i = 1; i <= 200; ++i) {
    client->send(std::make_shared<const Request>(post("/", std::string(i * 997, 'x'))), answers.handler());
  }
  REQUIRE(answers.wait_for(200));
  for (const auto& answer : answers.all()) {
    REQUIRE(answer);
    sizes.push_back(answer->body.size() / 997);
  }
  std::sort(sizes.begin(), sizes.end());
  for (std::size_t i = 0; i < sizes.size(); ++i)
    CHECK(sizes[i] == i + 1);
  CHECK(world.server->accepted() <= 4);
}
