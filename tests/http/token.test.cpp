#include "../../src/http/jwt.hpp"
#include "../../src/http/token_cache.hpp"
#include "answers.hpp"
#include "files.hpp"
#include "raw_server.hpp"

#include <dialogferry/http/auth.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

using namespace dialogferry;
using namespace dialogferry::http;
using namespace std::chrono_literals;

namespace {

struct VirtualClock {
  std::chrono::steady_clock::time_point at{1h};
  SteadyNow reader() {
    return [this] { return at; };
  }
};

/// A cache whose fetches the test answers.
struct Fetches {
  VirtualClock clock;
  std::deque<TokenCache::Done> open;
  int begun = 0;
  std::shared_ptr<TokenCache> cache = std::make_shared<TokenCache>(
      [this](TokenCache::Done done) {
        ++begun;
        open.push_back(std::move(done));
      },
      clock.reader());

  void answer(Result<Fetched> result) {
    const auto done = std::move(open.front());
    open.pop_front();
    done(std::move(result));
  }
};

std::string text_of(const Token& token) {
  return token ? *token : "none";
}

/// Asks and notes what comes.
void ask_token(TokenSource& source, std::vector<std::string>& got) {
  source.token([&got](Result<Token> token) { got.push_back(token ? **token : token.error().message); });
}

Result<Token> wait_for_token(TokenSource& source) {
  auto promise = std::make_shared<std::promise<Result<Token>>>();
  source.token([promise](Result<Token> token) { promise->set_value(std::move(token)); });
  auto future = promise->get_future();
  if (future.wait_for(30s) != std::future_status::ready) return fail("test", "no token ever came");
  return future.get();
}

struct RsaKey {
  RsaKey()
      : key(EVP_RSA_gen(2048), &EVP_PKEY_free) {}
  std::string private_pem() const {
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }
  bool verifies(const std::string& text, const std::string& signature) const {
    const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
  }
  std::shared_ptr<EVP_PKEY> key;
};

std::string decoded(std::string_view text) {
  std::string padded(text);
  for (auto& c : padded)
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  const auto padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
  out.resize(out.size() - padding);
  return out;
}

} // namespace

// -- the cache -----------------------------------------------------------------------

TEST_CASE("Those who ask while a token is fetched share one fetch", "[http][token]") {
  Fetches fetches;
  std::vector<std::string> got;
  CHECK_FALSE(fetches.cache->at_hand());
  for (int i = 0; i < 3; ++i)
    ask_token(*fetches.cache, got);
  CHECK(fetches.begun == 1);
  CHECK(got.empty());
  fetches.answer(Fetched{"one", 120s});
  CHECK(got == std::vector<std::string>{"one", "one", "one"});
  CHECK(text_of(fetches.cache->at_hand()) == "one");
  CHECK(fetches.begun == 1);
}

TEST_CASE("A token is renewed before it ends, and used until the new one is there", "[http][token]") {
  Fetches fetches;
  std::vector<std::string> got;
  ask_token(*fetches.cache, got);
  fetches.answer(Fetched{"one", 120s});
  fetches.clock.at += 89s;
  CHECK(text_of(fetches.cache->at_hand()) == "one");
  CHECK(fetches.begun == 1);
  fetches.clock.at += 1s; // three quarters
  CHECK(text_of(fetches.cache->at_hand()) == "one");
  CHECK(text_of(fetches.cache->at_hand()) == "one");
  CHECK(fetches.begun == 2);
  SECTION("the new one comes") {
    fetches.answer(Fetched{"two", 120s});
    CHECK(text_of(fetches.cache->at_hand()) == "two");
  }
  SECTION("the renewal fails and is tried again") {
    fetches.answer(fail("auth", "down"));
    CHECK(text_of(fetches.cache->at_hand()) == "one");
    CHECK(fetches.begun == 2);
    fetches.clock.at += 1s;
    CHECK(text_of(fetches.cache->at_hand()) == "one");
    CHECK(fetches.begun == 3);
  }
  SECTION("the old one is not used in its last tenth") {
    fetches.clock.at += 20s;
    CHECK_FALSE(fetches.cache->at_hand());
    ask_token(*fetches.cache, got);
    fetches.answer(Fetched{"two", 120s});
    CHECK(got == std::vector<std::string>{"one", "two"});
  }
}

TEST_CASE("A token's life counts from before it was asked for", "[http][token]") {
  Fetches fetches;
  std::vector<std::string> got;
  ask_token(*fetches.cache, got);
  fetches.clock.at += 15s;
  fetches.answer(Fetched{"one", 20s});
  CHECK(got == std::vector<std::string>{"one"});
  CHECK(fetches.cache->at_hand());
  fetches.clock.at += 3s;
  CHECK_FALSE(fetches.cache->at_hand());
}

TEST_CASE("After a failed fetch the next one waits, longer each time", "[http][token]") {
  Fetches fetches;
  std::vector<std::string> got;
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    const auto begun = fetches.begun;
    ask_token(*fetches.cache, got);
    REQUIRE(fetches.begun == begun + 1);
    fetches.answer(fail("auth", "down"));
    ask_token(*fetches.cache, got);
    fetches.clock.at += pause - 1ms;
    ask_token(*fetches.cache, got);
    CHECK(fetches.begun == begun + 1);
    fetches.clock.at += 1ms;
  }
  CHECK(got == std::vector<std::string>(21, "down"));
  ask_token(*fetches.cache, got);
  fetches.answer(Fetched{"one", 120s});
  CHECK(got.back() == "one");
}

TEST_CASE("A refused token is fetched anew, an older one's refusal changes nothing", "[http][token]") {
  Fetches fetches;
  std::vector<std::string> got;
  ask_token(*fetches.cache, got);
  fetches.answer(Fetched{"one", 120s});
  const auto first = fetches.cache->at_hand();
  fetches.cache->invalidate(first);
  CHECK_FALSE(fetches.cache->at_hand());
  ask_token(*fetches.cache, got);
  fetches.answer(Fetched{"two", 120s});
  fetches.cache->invalidate(first);
  CHECK(text_of(fetches.cache->at_hand()) == "two");
}

TEST_CASE("Whoever waits when a token source ends is told", "[http][token]") {
  Fetches fetches;
  std::vector<std::string> got;
  ask_token(*fetches.cache, got);
  fetches.cache.reset();
  CHECK(got == std::vector<std::string>{"no token: closed before one came"});
  fetches.answer(Fetched{"late", 1s});
  CHECK(got.size() == 1);
}

// -- token_file ------------------------------------------------------------------------

TEST_CASE("A token file is read again when it has changed", "[http][token]") {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "first\n");
  VirtualClock clock;
  const auto source = token_file(path, clock.reader()).value();
  CHECK(text_of(source->at_hand()) == "first");
  folder.write("token", "Bearer second  \n");
  CHECK(text_of(source->at_hand()) == "first");
  clock.at += 1s;
  CHECK(text_of(source->at_hand()) == "second");
  SECTION("a file that is gone for a moment leaves the old token") {
    std::filesystem::remove(path);
    clock.at += 1s;
    CHECK(text_of(source->at_hand()) == "second");
  }
  SECTION("a file that is empty for a moment leaves the old token") {
    folder.write("token", "");
    clock.at += 1s;
    CHECK(text_of(source->at_hand()) == "second");
  }
  SECTION("a refusal looks at once") {
    folder.write("token", "third");
    source->invalidate(source->at_hand());
    CHECK(text_of(source->at_hand()) == "third");
  }
  SECTION("a refusal of a token that is still in the file gives it again") {
    source->invalidate(source->at_hand());
    CHECK(text_of(source->at_hand()) == "second");
  }
}

TEST_CASE("A token file without a token is refused with its name", "[http][token]") {
  const TemporaryFolder folder;
  for (const auto* const content : {"", "\n", "two words\n", "a\tb"}) {
    const auto path = folder.write("token", content);
    const auto source = token_file(path);
    REQUIRE_FALSE(source);
    CHECK(source.error().member == "auth.token_file");
    CHECK(source.error().message.find(path) != std::string::npos);
  }
  CHECK_FALSE(token_file(folder.path("missing")));
}

// -- Maskinporten -------------------------------------------------------------------------

namespace {

struct Maskinporten {
  RsaKey key;
  TemporaryFolder folder;
  std::mutex mutex;
  std::vector<raw::Request> grants;
  std::vector<raw::Request> exchanges;
  std::function<void(raw::Session&)> grant_answer = [](raw::Session& session) {
    session.answer(200,
                   R"({"access_token":"mp-token","token_type":"Bearer","expires_in":119,"scope":"a b"})");
  };
  std::string exchanged = "altinn-token";
  raw::Server server{raw::each([this](raw::Session& session, const raw::Request& request) {
    const std::lock_guard lock(mutex);
    if (request.line() == "POST /token HTTP/1.1") {
      grants.push_back(request);
      grant_answer(session);
    } else {
      exchanges.push_back(request);
      session.answer(200, exchanged);
    }
  })};
  VirtualClock clock;

  MaskinportenOptions options() {
    MaskinportenOptions options;
    options.client_id = "client-1";
    options.key_file = folder.write("key.pem", key.private_pem());
    options.key_id = "kid-1";
    options.token_url = server.url() + "/token";
    options.scopes = {"digdir:dialogporten.serviceprovider", "altinn:storage/instances.syncadapter"};
    options.now = [] { return *parse_instant("2025-11-17T12:00:00Z"); };
    options.new_id = [] { return *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bb"); };
    options.steady = clock.reader();
    return options;
  }
};

} // namespace

TEST_CASE("Maskinporten gets a signed grant and gives a token", "[http][token]") {
  Maskinporten world;
  IoPool pool(1);
  const auto source = maskinporten(pool, world.options()).value();
  const auto token = wait_for_token(*source);
  REQUIRE(token);
  CHECK(**token == "mp-token");
  CHECK(text_of(source->at_hand()) == "mp-token");

  REQUIRE(world.grants.size() == 1);
  const auto& grant = world.grants.front();
  CHECK(grant.has("\r\nContent-Type: application/x-www-form-urlencoded"));
  const std::string start = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  REQUIRE(grant.body.substr(0, start.size()) == start);
  const auto assertion = grant.body.substr(start.size());
  const auto first = assertion.find('.');
  const auto second = assertion.find('.', first + 1);
  CHECK(decoded(assertion.substr(0, first)) == R"({"alg":"RS256","typ":"JWT","kid":"kid-1"})");
  CHECK(decoded(assertion.substr(first + 1, second - first - 1)) ==
        "{\"aud\":\"" + world.server.url() + R"(/","iss":"client-1",)" +
            R"("scope":"digdir:dialogporten.serviceprovider altinn:storage/instances.syncadapter",)" +
            R"("iat":1763380800,"exp":1763380900,"jti":"0dbc1da6-f744-4fff-83bc-131e7988a1bb"})");
  CHECK(world.key.verifies(assertion.substr(0, second), decoded(assertion.substr(second + 1))));
}

TEST_CASE("A Maskinporten token is exchanged where an exchange is named", "[http][token]") {
  Maskinporten world;
  // exp is 1000 s after the test's now
  world.exchanged = "\"h." + base64url(R"({"exp":1763381800})") + ".s\"";
  IoPool pool(1);
  auto options = world.options();
  options.exchange_url = world.server.url() + "/authentication/api/v1/exchange/maskinporten?test=true";
  const auto source = maskinporten(pool, options).value();
  const auto token = wait_for_token(*source);
  REQUIRE(token);
  CHECK(**token == world.exchanged.substr(1, world.exchanged.size() - 2));
  REQUIRE(world.exchanges.size() == 1);
  CHECK(world.exchanges[0].line() == "GET /authentication/api/v1/exchange/maskinporten?test=true HTTP/1.1");
  CHECK(world.exchanges[0].has("\r\nAuthorization: Bearer mp-token"));
  world.clock.at += 700s; // past the first token's life, within the second's
  CHECK(source->at_hand());
  CHECK(world.grants.size() == 1);
}

TEST_CASE("What Maskinporten refuses is told without the assertion", "[http][token]") {
  Maskinporten world;
  world.grant_answer = [](raw::Session& session) {
    session.answer(400, R"({"error":"invalid_grant","error_description":"Unknown key for 01017012345"})");
  };
  IoPool pool(1);
  const auto source = maskinporten(pool, world.options()).value();
  const auto token = wait_for_token(*source);
  REQUIRE_FALSE(token);
  CHECK(token.error().message ==
        "Maskinporten gave no token: status 400, invalid_grant, Unknown key for ***********");
}

TEST_CASE("A token that could break out of its header is not taken", "[http][token]") {
  Maskinporten world;
  world.grant_answer = [](raw::Session& session) {
    session.answer(200, R"({"access_token":"a\r\nX: y","expires_in":119})");
  };
  IoPool pool(1);
  CHECK_FALSE(wait_for_token(*maskinporten(pool, world.options()).value()));
}

TEST_CASE("Maskinporten's settings are checked before anything is sent", "[http][token]") {
  Maskinporten world;
  IoPool pool(1);
  const auto member = [&](MaskinportenOptions options) {
    const auto source = maskinporten(pool, std::move(options));
    return source ? std::string() : source.error().member;
  };
  auto options = world.options();
  SECTION("client") {
    options.client_id = "";
    CHECK(member(options) == "auth.maskinporten.client_id");
  }
  SECTION("key file missing") {
    options.key_file = world.folder.path("none");
    CHECK(member(options) == "auth.maskinporten.key_file");
  }
  SECTION("key file not a key") {
    options.key_file = world.folder.write("key.pem", "hello");
    CHECK(member(options) == "auth.maskinporten.key_file");
  }
  SECTION("token URL") {
    options.token_url = "maskinporten.no/token";
    CHECK(member(options) == "auth.maskinporten.token_url");
  }
  SECTION("exchange URL") {
    options.exchange_url = "ftp://x";
    CHECK(member(options) == "auth.maskinporten.exchange_url");
  }
  SECTION("scopes") {
    options.scopes.clear();
    CHECK(member(options) == "auth.maskinporten.scopes");
  }
  CHECK(world.server.accepted() == 0);
}

// -- with a client ---------------------------------------------------------------------------

TEST_CASE("A client fetches a token once, sends it, and renews it after a 401", "[http][token]") {
  Maskinporten world;
  std::atomic<int> issued{0};
  world.grant_answer = [&](raw::Session& session) {
    session.answer(200, R"({"access_token":"t)" + std::to_string(++issued) + R"(","expires_in":119})");
  };
  std::atomic<bool> refuse{false};
  std::atomic<int> without{0};
  raw::Server api(raw::each([&](raw::Session& session, const raw::Request& request) {
    if (!request.has("Authorization")) ++without;
    const auto expected = refuse ? "\r\nAuthorization: Bearer t2" : "\r\nAuthorization: Bearer t1";
    session.answer(request.has(expected) ? 200 : 401);
  }));
  Answers answers;
  IoPool pool(2);
  ClientOptions options;
  options.tokens = maskinporten(pool, world.options()).value();
  const auto client = connect(pool, api.url(), options);
  const auto request = std::make_shared<const Request>(get("/"));
  for (int i = 0; i < 20; ++i)
    client->send(request, answers.handler());
  REQUIRE(answers.wait_for(20));
  for (const auto& answer : answers.all())
    CHECK(answer->status == 200);
  CHECK(issued == 1);

  refuse = true;
  CHECK(ask(*client, get("/"))->status == 401);
  CHECK(ask(*client, get("/"))->status == 200);
  CHECK(issued == 2);
  CHECK(without == 0);
}

TEST_CASE("Without a token nothing is sent, and the reason is told", "[http][token]") {
  Maskinporten world;
  world.grant_answer = [](raw::Session& session) { session.answer(503); };
  raw::Server api(raw::each([](raw::Session& session, const raw::Request&) { session.answer(200); }));
  IoPool pool(1);
  ClientOptions options;
  options.tokens = maskinporten(pool, world.options()).value();
  const auto client = connect(pool, api.url(), options);
  const auto answer = ask(*client, get("/"));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == TransportFault::token);
  CHECK(answer.error().text == "Maskinporten gave no token: status 503");
  CHECK(api.accepted() == 0);
  auto open = get("/");
  open.authorized = false;
  CHECK(ask(*client, open));
}
