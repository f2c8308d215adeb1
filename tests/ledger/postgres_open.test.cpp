#include "../../src/ledger/postgres/open.hpp"
#include "../../src/ledger/postgres/schema.hpp"
#include "temp_ledger.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;
using Catch::Contains;

namespace {

Problem refused(const std::string& url, OpenMode mode = OpenMode::engine,
                std::string_view environment = "local") {
  const auto ledger = ledger::open(url, environment, mode, now);
  REQUIRE_FALSE(ledger.has_value());
  CHECK_FALSE(ledger.error().hint.empty());
  return ledger.error();
}

/// A server that greets as PostgreSQL 14 does, and says no more.
class OldServer {
public:
  OldServer() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket_, any, size) == 0);
    REQUIRE(listen(socket_, 1) == 0);
    REQUIRE(getsockname(socket_, any, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { greet(); });
  }
  OldServer(const OldServer&) = delete;
  OldServer& operator=(const OldServer&) = delete;
  ~OldServer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  std::string url() const {
    return "postgresql://ferry@127.0.0.1:" + std::to_string(port_) + "/db?sslmode=disable&gssencmode=disable";
  }

private:
  static std::string message(char kind, const std::string& body) {
    const auto size = static_cast<std::uint32_t>(body.size() + 4);
    std::string text(1, kind);
    for (int shift = 24; shift >= 0; shift -= 8)
      text += static_cast<char>((size >> shift) & 0xff);
    return text + body;
  }
  void greet() const {
    const int peer = accept(socket_, nullptr, nullptr);
    if (peer < 0) return;
    char request[512];
    const auto greeting = message('R', std::string(4, '\0')) +
                          message('S', std::string("server_version\0"
                                                   "14.9\0",
                                                   20)) +
                          message('Z', "I");
    if (read(peer, request, sizeof request) > 0 &&
        write(peer, greeting.data(), greeting.size()) == static_cast<ssize_t>(greeting.size()))
      while (read(peer, request, sizeof request) > 0) {
      }
    close(peer);
  }

  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
  std::thread thread_;
};

/// The url with another user.
std::string as(std::string url, const std::string& user, const std::string& password) {
  const auto from = url.find("//") + 2;
  return url.replace(from, url.find('@') - from, user + ':' + password);
}

} // namespace

TEST_CASE("A PostgreSQL that is too old is refused", "[ledger][postgres]") {
  const OldServer old;
  CHECK_THAT(refused(old.url()).message, Contains("PostgreSQL 14") && Contains("too old"));
}

TEST_CASE("A PostgreSQL that cannot be reached is named, and its password is not", "[ledger][postgres]") {
  const auto problem = refused("postgresql://ferry:secret@127.0.0.1:1/db");
  CHECK(problem.member == "ledger postgresql://ferry@127.0.0.1:1/db");
  CHECK_THAT(problem.message, Contains("cannot be reached") && Contains("refused"));
  CHECK_THAT(problem.message, !Contains("secret"));
  const auto wrong = refused(as(server().url(), "ferry", "secret"));
  CHECK_THAT(wrong.message, Contains("password authentication failed"));
  CHECK_THAT(wrong.member + wrong.message + wrong.hint, !Contains("secret"));
  for (const auto* url :
       {"postgresql://ferry:se%cret@host/db", "postgresql://ferry:secret@host:x/db?nonsense=1"}) {
    const auto problem = refused(url);
    CHECK(problem.member == "ledger.url");
    CHECK_THAT(problem.message + problem.hint, !Contains("cret"));
  }
}

TEST_CASE("A database without rights is refused", "[ledger][postgres]") {
  const auto database = new_database();
  const auto user = "guest_" + database;
  must(server().run(database, "CREATE ROLE " + user + " LOGIN PASSWORD 'guest'"));
  const auto url = as(server().url(database), user, "guest");
  auto problem = refused(url);
  CHECK_THAT(problem.message, Contains("permission denied for database " + database));
  CHECK_THAT(problem.hint, Contains("CREATE SCHEMA dialogferry AUTHORIZATION"));

  must(server().run(database, "CREATE SCHEMA dialogferry AUTHORIZATION " + user));
  const auto ledger = open_or_die(url);
  must(ledger->start_shards(std::vector{whole_day(key(day("2025-11-14")))}, now));

  must(server().run(database, "CREATE ROLE other_" + user + " LOGIN PASSWORD 'guest'"));
  problem = refused(as(url, "other_" + user, "guest"), OpenMode::read_only);
  CHECK_THAT(problem.message, Contains("may not be used: permission denied"));
}

TEST_CASE("A database that is not in UTF-8 is refused", "[ledger][postgres]") {
  must(server().run("postgres", "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0"));
  CHECK_THAT(refused(server().url("ascii")).message, Contains("SQL_ASCII"));
}

TEST_CASE("A clock that differs by more than two seconds is refused, to an engine", "[ledger][postgres]") {
  const auto place = must(postgres::parse_url(server().url(new_database())));
  postgres::Setup setup;
  const auto open = [&](std::chrono::milliseconds ahead) {
    setup.clock = [ahead] { return system_now() + ahead; };
    return postgres::open(place, "local", now, setup);
  };
  CHECK(open(std::chrono::milliseconds{1'000}).has_value());
  const auto behind = open(std::chrono::milliseconds{2'500});
  REQUIRE_FALSE(behind.has_value());
  CHECK_THAT(behind.error().message, Contains("a clock 2.5 s behind this machine's"));
  const auto ahead = open(std::chrono::milliseconds{-3'600'000});
  REQUIRE_FALSE(ahead.has_value());
  CHECK_THAT(ahead.error().message, Contains("ahead of this machine's"));
  setup.mode = OpenMode::read_only;
  CHECK(open(std::chrono::milliseconds{2'500}).has_value());
}

TEST_CASE("A schema of a newer version, or of another program, is refused and left alone",
          "[ledger][postgres]") {
  const auto database = new_database();
  SECTION("newer") {
    open_or_die(server().url(database));
    must(server().run(database, "UPDATE dialogferry.ledger SET version = version + 1"));
    CHECK_THAT(refused(server().url(database)).message, Contains("newer dialogferry"));
  }
  SECTION("another program's") {
    must(server().run(database, "CREATE SCHEMA dialogferry; CREATE TABLE dialogferry.boats (x int)"));
    CHECK_THAT(refused(server().url(database)).message, Contains("belongs to another program"));
  }
  SECTION("older, to a reader") {
    open_or_die(server().url(database));
    must(server().run(database, "UPDATE dialogferry.ledger SET version = 1"));
    CHECK_THAT(refused(server().url(database), OpenMode::read_only).message, Contains("older version 1"));
  }
}

TEST_CASE("A commit of an engine whose ledger was taken over is refused", "[ledger][postgres]") {
  const auto database = new_database();
  const auto engine = open_or_die(server().url(database));
  const auto place = key(day("2025-11-14"));
  must(engine->start_shards(std::vector{whole_day(place)}, now));
  must(server().run(database, "UPDATE dialogferry.engine SET epoch = epoch + 1"));
  const auto late = engine->commit(std::vector{completes(place, 5)}, now);
  REQUIRE_FALSE(late.has_value());
  CHECK_THAT(late.error().message, Contains("taken over by other engines"));
  CHECK(must(engine->load(place))->counts == Counts{});
}

TEST_CASE("What others change of a shard is not overwritten with what is known of it", "[ledger][postgres]") {
  const auto database = new_database();
  const auto engine = open_or_die(server().url(database));
  const auto place = key(day("2025-11-14"));
  must(engine->start_shards(std::vector{whole_day(place)}, now));
  must(engine->commit(std::vector{parks(place, "no answer", at("2025-11-20T13:00:00Z"))}, now));
  must(open_or_die(server().url(database), OpenMode::tool)->retry(row, std::nullopt, now));
  Commit progress;
  progress.key = place;
  progress.counts = counts(3);
  must(engine->commit(std::vector{progress}, now));
  CHECK(must(engine->load(place))->retry_at == now);
  CHECK(must(engine->load(place))->counts == counts(3));
  must(engine->forget(row, stage, place.day, place.day, now));
  CHECK_FALSE(engine->commit(std::vector{progress}, now).has_value());
}
