#include "certificates.hpp"

#include <dialogferry/http/disk_thread.hpp>
#include <dialogferry/http/pipe.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <openssl/evp.h>
#include <unistd.h>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mib = 1 << 20;

/// Bytes that are the same at every read: byte i of the whole depends on i alone.
std::string bytes_of(std::uint64_t size) {
  std::string text(size, '\0');
  for (std::uint64_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(i * 2654435761U >> 13);
  return text;
}

std::string md5_of(std::string_view block, std::uint64_t size) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr);
  for (std::uint64_t left = size; left > 0;) {
    const auto part = std::min<std::uint64_t>(left, block.size());
    EVP_DigestUpdate(context.get(), block.data(), part);
    left -= part;
  }
  std::array<unsigned char, 16> digest{};
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  std::string text;
  for (const auto byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

/// Writes `size` bytes: the block again and again.
bool pour(raw::Session& session, std::string_view block, std::uint64_t size) {
  for (std::uint64_t left = size; left > 0;) {
    const auto part = std::min<std::uint64_t>(left, block.size());
    if (!session.write(block.substr(0, part))) return false;
    left -= part;
  }
  return true;
}

std::uint64_t announced(const raw::Request& request) {
  const auto at = request.head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoull(request.head.substr(at + 16));
}

/// What came of one upload.
struct Received {
  std::uint64_t size = 0;
  bool whole = false;
  std::string bytes; ///< up to a MiB
};

/// A server that takes uploads without keeping them, and tells what came.
class Target {
public:
  explicit Target(raw::asio::ssl::context* tls = nullptr)
      : server([this](raw::Session& session) { serve(session); }, tls) {}

  bool wait_for(std::size_t uploads) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return received_.size() >= uploads; });
  }
  std::vector<Received> received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }

private:
  void serve(raw::Session& session) {
    raw::Request request;
    std::vector<char> buffer(64 << 10);
    while (session.read_head(request)) {
      Received received;
      const auto size = announced(request);
      while (received.size < size) {
        const auto count =
            session.take(buffer.data(), std::min<std::uint64_t>(buffer.size(), size - received.size));
        if (count == 0) break;
        if (received.size < mib) received.bytes.append(buffer.data(), count);
        received.size += count;
      }
      received.whole = received.size == size;
      const bool whole = received.whole;
      {
        const std::lock_guard lock(mutex_);
        received_.push_back(std::move(received));
        changed_.notify_all();
      }
      if (!whole) return;
      session.answer(200, "\"id\"");
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Received> received_;

public:
  raw::Server server;
};

/// The two clients of a transfer, and the pool they share.
struct Ends {
  explicit Ends(const std::string& source, const std::string& target, ClientOptions options = {})
      : from(connect(pool, source, options))
      , to(connect(pool, target, options)) {}

  /// Reads from `path` of the source.
  std::shared_ptr<Pipe> pipe(ExpectedBytes expected, const std::string& path = "/bytes") {
    return std::make_shared<Pipe>(std::move(expected), [this, path](std::shared_ptr<BodySink> sink) {
      auto request = get(path);
      request.sink = std::move(sink);
      from->send(std::make_shared<const Request>(std::move(request)), downloads.handler());
    });
  }

  Answer upload(const std::shared_ptr<BodyStream>& stream) {
    auto request = post("/attachment", "");
    request.content_type = "application/octet-stream";
    request.stream = stream;
    return ask(*to, std::move(request));
  }

  IoPool pool{2};
  Answers downloads;
  std::unique_ptr<Client> from;
  std::unique_ptr<Client> to;
};

/// Sanitizers keep what was freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::int64_t most_growth = 256 * mib;
#else
constexpr std::int64_t most_growth = 8 * mib;
#endif

std::int64_t resident() {
  std::ifstream file("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t here = 0;
  file >> all >> here;
  return here * sysconf(_SC_PAGESIZE);
}

} // namespace

TEST_CASE("An attachment flows from one server to another, whatever its size, over the same connections",
          "[http][stream]") {
  Target target;
  std::string content;
  raw::Server source(
      raw::each([&](raw::Session& session, const raw::Request&) { session.answer(200, content); }));
  Ends ends(source.url(), target.server.url());
  std::size_t uploads = 0;
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{65536}, std::uint64_t{65537},
        std::uint64_t{131072}, 3 * mib + 7}) {
    CAPTURE(size);
    content = bytes_of(size);
    const auto pipe = ends.pipe({size, md5_of(content, size)});
    const auto answer = ends.upload(pipe);
    REQUIRE(answer);
    CHECK(answer->body == "\"id\"");
    CHECK(name_of(pipe->fault()) == "none");
    CHECK_FALSE(pipe->problem());
    REQUIRE(target.wait_for(++uploads));
    const auto received = target.received().back();
    CHECK(received.size == size);
    CHECK(received.bytes == content.substr(0, received.bytes.size()));
    REQUIRE(ends.downloads.wait_for(uploads));
    CHECK(ends.downloads.all().back()->status == 200);
    CHECK(ends.downloads.all().back()->body.empty());
  }
  CHECK(target.server.accepted() == 1);
  CHECK(source.accepted() == 1);
}

TEST_CASE("A gigabyte is carried in a few hundred kilobytes of memory", "[http][stream]") {
  const auto block = bytes_of(mib);
  constexpr std::uint64_t size = 1024 * mib;
  Target target;
  raw::Server source(raw::each([&](raw::Session& session, const raw::Request&) {
    session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    pour(session, block, size);
  }));
  Ends ends(source.url(), target.server.url());
  const auto before = resident();
  REQUIRE(ends.upload(ends.pipe({size, {}})));
  CHECK(resident() - before < most_growth);
  CHECK(target.received().back().size == size);
}

TEST_CASE("A source that breaks at any byte leaves no whole attachment at the server", "[http][stream]") {
  constexpr std::uint64_t size = 300'000;
  const auto content = bytes_of(size);
  const auto breaks_at = GENERATE(as<std::uint64_t>{}, 0, 1, 1000, 65536, 200'000, size - 1);
  CAPTURE(breaks_at);
  Target target;
  raw::Server source([&](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    pour(session, content, breaks_at);
  });
  Ends ends(source.url(), target.server.url());
  const auto pipe = ends.pipe({size, md5_of(content, size)});
  const auto answer = ends.upload(pipe);
  CHECK(fault_of(answer) == TransportFault::source);
  CHECK_FALSE(answer.error().may_have_arrived);
  CHECK(name_of(pipe->fault()) == "source");
  REQUIRE(ends.downloads.wait_for(1));
  CHECK(fault_of(ends.downloads.all()[0]) == TransportFault::reset);
  ends.to->close();
  for (const auto& received : target.received())
    CHECK_FALSE(received.whole);
}

TEST_CASE("What is not as it was announced is never sent to its end, and is told apart", "[http][stream]") {
  struct Row {
    const char* name;
    std::uint64_t length; ///< that the source says; 0: it does not
    std::uint64_t size;
    const char* md5;
    const char* fault;
  };
  constexpr std::uint64_t expected = 200'000;
  const auto content = bytes_of(2 * expected);
  const auto row = GENERATE(
      as<Row>{}, Row{"shorter, says so", 199'999, 199'999, "", "size"},
      Row{"shorter, ends", 0, 199'999, "", "size"}, Row{"longer, says so", 200'001, 200'001, "", "size"},
      Row{"longer, goes on", 0, 200'001, "", "size"},
      Row{"another MD5", 200'000, 200'000, "0123456789abcdef0123456789abcdef", "digest"});
  CAPTURE(row.name);
  Target target;
  raw::Server source([&](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\n" +
                  (row.length ? "Content-Length: " + std::to_string(row.length) : "Connection: close") +
                  "\r\n\r\n");
    pour(session, content, row.size);
  });
  Ends ends(source.url(), target.server.url());
  const auto pipe = ends.pipe({expected, row.md5});
  CHECK(fault_of(ends.upload(pipe)) == TransportFault::source);
  CHECK(name_of(pipe->fault()) == row.fault);
  REQUIRE(pipe->problem());
  CHECK(pipe->problem()->member == "attachment");
  REQUIRE(ends.downloads.wait_for(1));
  ends.to->close();
  for (const auto& received : target.received())
    CHECK_FALSE(received.whole);
}

TEST_CASE("An attachment that is not there begins no upload, and the connection stays", "[http][stream]") {
  Target target;
  bool there = false;
  raw::Server source(raw::each([&](raw::Session& session, const raw::Request&) {
    there ? session.answer(200, "abc") : session.answer(404, R"({"title":"Not Found"})");
  }));
  Ends ends(source.url(), target.server.url());
  const auto pipe = ends.pipe({3, {}});
  CHECK(fault_of(ends.upload(pipe)) == TransportFault::source);
  CHECK(name_of(pipe->fault()) == "source");
  REQUIRE(ends.downloads.wait_for(1));
  CHECK(ends.downloads.all()[0]->status == 404);
  CHECK(ends.downloads.all()[0]->body == R"({"title":"Not Found"})");
  there = true;
  CHECK(ends.upload(pipe)); // once more, from the start
  CHECK(name_of(pipe->fault()) == "none");
  CHECK(target.received().size() == 1);
  CHECK(target.server.accepted() == 1);
}

TEST_CASE("A server that answers before it has all is heard, and the source is let go", "[http][stream]") {
  constexpr std::uint64_t size = 64 * mib;
  const auto block = bytes_of(mib);
  raw::Server target([](raw::Session& session) {
    raw::Request request;
    if (session.read_head(request)) session.answer(400, "no");
    std::array<char, 4096> rest{};
    for (int i = 0; i < 100 && session.take(rest.data(), rest.size()) > 0; ++i) {
    }
  });
  raw::Server source([&](raw::Session& session) {
    raw::Request request;
    while (session.read(request)) {
      session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
      if (!pour(session, block, size)) return;
    }
  });
  Ends ends(source.url(), target.url());
  const auto pipe = ends.pipe({size, {}});
  const auto answer = ends.upload(pipe);
  REQUIRE(answer);
  CHECK(answer->status == 400);
  CHECK(name_of(pipe->fault()) == "target");
  REQUIRE(ends.downloads.wait_for(1));
  CHECK(fault_of(ends.downloads.all()[0]) == TransportFault::sink);
}

TEST_CASE("A server that goes away in the midst ends both sides", "[http][stream]") {
  constexpr std::uint64_t size = 64 * mib;
  const auto block = bytes_of(mib);
  raw::Server target([](raw::Session& session) {
    raw::Request request;
    std::array<char, 4096> some{};
    if (session.read_head(request)) session.take(some.data(), some.size());
    session.reset();
  });
  raw::Server source([&](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    pour(session, block, size);
  });
  Ends ends(source.url(), target.url());
  const auto pipe = ends.pipe({size, {}});
  const auto answer = ends.upload(pipe);
  CHECK(fault_of(answer) == TransportFault::reset);
  CHECK(answer.error().may_have_arrived);
  CHECK(name_of(pipe->fault()) == "target");
  REQUIRE(ends.downloads.wait_for(1));
  CHECK(fault_of(ends.downloads.all()[0]) == TransportFault::sink);
}

TEST_CASE("A client that is closed ends what flows through it", "[http][stream]") {
  constexpr std::uint64_t size = 64 * mib;
  const auto block = bytes_of(mib);
  std::promise<void> flowing;
  raw::Server target([&](raw::Session& session) {
    raw::Request request;
    if (session.read_head(request)) flowing.set_value();
    std::array<char, 1> one{};
    while (session.take(one.data(), one.size()) > 0) {
    }
  });
  raw::Server source([&](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    pour(session, block, size);
  });
  Ends ends(source.url(), target.url());
  const auto pipe = ends.pipe({size, {}});
  Answers answers;
  auto request = post("/", "");
  request.stream = pipe;
  ends.to->send(std::make_shared<const Request>(std::move(request)), answers.handler());
  REQUIRE(flowing.get_future().wait_for(30s) == std::future_status::ready);
  const bool closes_source = GENERATE(false, true);
  (closes_source ? ends.from : ends.to)->close();
  REQUIRE(answers.wait_for(1));
  REQUIRE(ends.downloads.wait_for(1));
  CHECK(fault_of(answers.all()[0]) == (closes_source ? TransportFault::source : TransportFault::cancelled));
  CHECK(fault_of(ends.downloads.all()[0]) ==
        (closes_source ? TransportFault::cancelled : TransportFault::sink));
  CHECK(name_of(pipe->fault()) == (closes_source ? "source" : "target"));
}

TEST_CASE("Requests that are turned away tell their streams and sinks", "[http][stream]") {
  Target target;
  Ends ends(target.server.url(), target.server.url());
  ends.from->close();
  const auto pipe = ends.pipe({3, {}});
  CHECK(fault_of(ends.upload(pipe)) == TransportFault::source);
  CHECK(name_of(pipe->fault()) == "source");
  ends.to->close();
  const auto never_opened = ends.pipe({3, {}});
  CHECK(fault_of(ends.upload(never_opened)) == TransportFault::cancelled);
  CHECK(name_of(never_opened->fault()) == "none");
}

TEST_CASE("A time limit is for progress: a slow stream is awaited, one that stands still is not",
          "[http][stream]") {
  ClientOptions options;
  options.timeout = 300ms;
  const bool stands_still = GENERATE(false, true);
  Target target;
  std::promise<void> never;
  const auto slowness = never.get_future().share();
  raw::Server source([&](raw::Session& session) {
    raw::Request request;
    if (!session.read(request)) return;
    session.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    for (int i = 0; i < 10 && !(stands_still && i == 3); ++i) { // twice the limit in all
      slowness.wait_for(60ms);
      if (!session.write("x")) return;
    }
    raw::wait_for_close(session);
  });
  Ends ends(source.url(), target.server.url(), options);
  const auto answer = ends.upload(ends.pipe({10, {}}));
  CHECK(answer.has_value() == !stands_still);
  REQUIRE(ends.downloads.wait_for(1));
  CHECK(ends.downloads.all()[0].has_value() == !stands_still);
}

TEST_CASE("Who waits for a slow server does not run out of time", "[http][stream]") {
  ClientOptions impatient;
  impatient.timeout = 200ms;
  constexpr std::uint64_t size = 16 * mib; // more than lies in buffers of the system
  const auto block = bytes_of(mib);
  std::promise<void> never;
  raw::Server target([&](raw::Session& session) {
    raw::Request request;
    if (!session.read_head(request)) return;
    never.get_future().wait_for(600ms);
    std::vector<char> buffer(mib);
    for (std::uint64_t got = 0; got < size;) {
      const auto count = session.take(buffer.data(), buffer.size());
      if (count == 0) return;
      got += count;
    }
    session.answer(200);
    raw::wait_for_close(session);
  });
  raw::Server source(raw::each([&](raw::Session& session, const raw::Request&) {
    session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    pour(session, block, size);
  }));
  Ends ends(source.url(), target.url(), impatient);
  ends.to = connect(ends.pool, target.url());
  CHECK(ends.upload(ends.pipe({size, {}})));
}

TEST_CASE("Over TLS the same holds, on connections that are kept", "[http][stream][tls]") {
  World world;
  const auto content = bytes_of(3 * mib + 7);
  Target target(&world.tls);
  raw::Server source(
      raw::each([&](raw::Session& session, const raw::Request&) { session.answer(200, content); }),
      &world.tls);
  ClientOptions options;
  options.ca_file = world.ca_file;
  Ends ends(source.url("localhost"), target.server.url("localhost"), options);
  for (int i = 0; i < 3; ++i)
    CHECK(ends.upload(ends.pipe({content.size(), md5_of(content, content.size())})));
  const auto wrong = ends.pipe({content.size(), std::string(32, '0')});
  CHECK(fault_of(ends.upload(wrong)) == TransportFault::source);
  CHECK(name_of(wrong->fault()) == "digest");
  REQUIRE(target.wait_for(4));
  const auto received = target.received();
  for (int i = 0; i < 3; ++i) {
    CHECK(received[static_cast<std::size_t>(i)].whole);
    CHECK(received[static_cast<std::size_t>(i)].bytes ==
          content.substr(0, received[static_cast<std::size_t>(i)].bytes.size()));
  }
  CHECK_FALSE(received[3].whole);
  CHECK(target.server.accepted() == 1);
  CHECK(source.accepted() == 1);
}

TEST_CASE("What goes into a sink is asked for as it is, never packed", "[http][stream]") {
  raw::Server source(raw::each([](raw::Session& session, const raw::Request& request) {
    session.answer(request.has("Accept-Encoding") ? 406 : 200, "abc");
  }));
  Target target;
  ClientOptions options;
  options.gzip = true;
  Ends ends(source.url(), target.server.url(), options);
  CHECK(ends.upload(ends.pipe({3, {}})));
  CHECK(ask(*ends.from, get("/"))->status == 406);
}

TEST_CASE("A file is uploaded like an attachment from a server, and what is wrong with it is named",
          "[http][stream]") {
  TemporaryFolder folder;
  const auto content = bytes_of(2 * mib + 3);
  const auto path = folder.write("90012345", content);
  Target target;
  DiskThread disk;
  IoPool pool(1);
  const auto client = connect(pool, target.server.url());
  const auto upload = [&](const std::string& from, ExpectedBytes expected) {
    auto request = post("/", "");
    auto pipe = std::make_shared<Pipe>(std::move(expected), from_file(disk, from));
    request.stream = pipe;
    const auto answer = ask(*client, std::move(request));
    CHECK(answer.has_value() == (pipe->fault() == Pipe::Fault::none));
    return pipe;
  };
  CHECK_FALSE(upload(path, {content.size(), md5_of(content, content.size())})->problem());
  CHECK(target.received()[0].bytes == content.substr(0, target.received()[0].bytes.size()));
  CHECK(name_of(upload(path, {content.size() + 1, {}})->fault()) == "size");
  CHECK(name_of(upload(path, {content.size(), std::string(32, 'a')})->fault()) == "digest");
  const auto missing = upload(folder.path("none"), {1, {}});
  CHECK(name_of(missing->fault()) == "source");
  CHECK_THAT(missing->problem()->message, Catch::Contains("none cannot be read: No such file"));
  CHECK(name_of(upload(folder.path(""), {1, {}})->fault()) == "source");
}

TEST_CASE("Many files are read side by side on one thread", "[http][stream]") {
  TemporaryFolder folder;
  const auto content = bytes_of(mib);
  const auto path = folder.write("file", content);
  Target target;
  DiskThread disk;
  IoPool pool(2);
  const auto client = connect(pool, target.server.url());
  Answers answers;
  for (int i = 0; i < 20; ++i) {
    auto request = post("/", "");
    request.stream = std::make_shared<Pipe>(ExpectedBytes{content.size(), md5_of(content, content.size())},
                                            from_file(disk, path));
    client->send(std::make_shared<const Request>(std::move(request)), answers.handler());
  }
  REQUIRE(answers.wait_for(20));
  for (const auto& answer : answers.all())
    CHECK(answer);
}

namespace {

/// The plain counterpart of a pipe: the same block again and again, from memory.
class Block final : public BodyStream, public BodyReader, public std::enable_shared_from_this<Block> {
public:
  Block(std::string_view block, std::uint64_t size)
      : block_(block)
      , size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::shared_ptr<BodyReader> open() override { return shared_from_this(); }
  void ended() override {}
  void read(Take take) override { take(block_); }

private:
  std::string_view block_;
  std::uint64_t size_;
};

} // namespace

TEST_CASE("A pipe beside a plain upload of the same size", "[.][http][throughput]") {
  const auto block = bytes_of(64 << 10);
  constexpr std::uint64_t size = 1024 * mib;
  Target target;
  raw::Server source(raw::each([&](raw::Session& session, const raw::Request&) {
    session.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    pour(session, block, size);
  }));
  Ends ends(source.url(), target.server.url());
  TemporaryFolder folder;
  {
    std::ofstream file(folder.path("file"), std::ios::binary);
    for (std::uint64_t i = 0; i < size / block.size(); ++i)
      file << block;
  }
  DiskThread disk;
  const auto timed = [&](const char* what, const std::shared_ptr<BodyStream>& stream) {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(ends.upload(stream));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << what << ": " << static_cast<int>(1024 / took.count()) << " MiB/s\n";
  };
  const auto md5 = md5_of(block, size);
  for (int i = 0; i < 3; ++i) {
    timed("plain", std::make_shared<Block>(block, size));
    timed("pipe", ends.pipe({size, {}}));
    timed("pipe with MD5", ends.pipe({size, md5}));
    timed("file", std::make_shared<Pipe>(ExpectedBytes{size, {}}, from_file(disk, folder.path("file"))));
    timed("file with MD5",
          std::make_shared<Pipe>(ExpectedBytes{size, md5}, from_file(disk, folder.path("file"))));
  }
}
