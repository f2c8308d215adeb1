#include "ferry.hpp"
#include "keys.hpp"

#include <dialogferry/http/auth.hpp>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <future>

using namespace dialogferry;
using namespace dialogferry::system;
using namespace std::chrono_literals;

namespace {

const std::string organisation = "991825827";
const std::string owner = "974760673";
const std::string storage_scope = "altinn:storage/instances.syncadapter";
const std::string dialogporten_scope = "digdir:dialogporten.serviceprovider";

/// A platform that asks for tokens: one client with a registered key, one with an enterprise certificate.
struct World {
  World()
      : platform({"--days", "2025-11-20..2025-11-20", "--per-day", "5", "--organisations", "1",
                  "--maskinporten", folder.write("clients.json", json::serialize(clients()))}) {}

  json::value clients() const {
    const json::array scopes = {json::value(storage_scope), json::value(dialogporten_scope)};
    return {{"clients",
             {{{"client_id", "with-key"},
               {"organisation", organisation},
               {"keys", {{{"kid", "key-1"}, {"pem", key.public_pem()}}}},
               {"scopes", scopes},
               {"acts_for", {{owner, scopes}}}},
              {{"client_id", "with-certificate"}, {"organisation", organisation}, {"scopes", scopes}}}},
            {"authorities", authority.certificate("", authority)}};
  }

  http::MaskinportenOptions options() const {
    http::MaskinportenOptions options;
    options.client_id = "with-key";
    options.key_file = folder.write("key.pem", key.private_pem());
    options.key_id = "key-1";
    options.token_url = platform.base_url() + "/token";
    options.exchange_url = platform.base_url() + "/authentication/api/v1/exchange/maskinporten";
    options.scopes = {storage_scope, dialogporten_scope};
    options.new_id = [ids = ids] {
      Uuid id;
      id.bytes[15] = ++*ids;
      return id;
    };
    return options;
  }

  /// The same with the enterprise certificate, in a file behind the one above it.
  http::MaskinportenOptions with_certificate() const {
    auto options = this->options();
    options.client_id = "with-certificate";
    options.key_id.clear();
    options.certificate_file = folder.write("chain.pem", authority.certificate("", authority) +
                                                             key.certificate(organisation, authority));
    return options;
  }

  Result<http::Token> ask(http::TokenSource& source) {
    auto promise = std::make_shared<std::promise<Result<http::Token>>>();
    source.token([promise](Result<http::Token> token) { promise->set_value(std::move(token)); });
    auto future = promise->get_future();
    if (future.wait_for(30s) != std::future_status::ready) return fail("test", "no token ever came");
    return future.get();
  }

  Result<http::Token> ask(http::MaskinportenOptions options) {
    const auto source = http::maskinporten(pool, std::move(options));
    return source ? ask(**source) : tl::unexpected(source.error());
  }

  TestKey key;
  TestKey authority;
  std::shared_ptr<std::uint8_t> ids = std::make_shared<std::uint8_t>(); ///< given out for `jti`
  Scratch folder;
  Platform platform;
  http::IoPool pool{1};
};

/// What is told, and what to do about it.
std::string told(const Result<http::Token>& token) {
  return token ? "a token" : token.error().message + "; " + token.error().hint;
}

using Catch::Contains;

} // namespace

TEST_CASE("A registered key gets a token, as PEM with its id and as JWK that names it",
          "[system][maskinporten]") {
  World world;
  CHECK(told(world.ask(world.options())) == "a token");
  auto options = world.options();
  options.key_id.clear();
  for (const bool whole : {true, false}) {
    options.key_file = world.folder.write("key.jwk", world.key.jwk("key-1", whole));
    CHECK(told(world.ask(options)) == "a token");
  }
}

TEST_CASE("An enterprise certificate gets a token without a registered key", "[system][maskinporten]") {
  World world;
  CHECK(told(world.ask(world.with_certificate())) == "a token");
  auto other = world.with_certificate();
  other.certificate_file =
      world.folder.write("other.pem", world.key.certificate("123456789", world.authority));
  CHECK_THAT(told(world.ask(other)),
             Contains("invalid certificate") && Contains("give an enterprise certificate that is valid"));
}

TEST_CASE("A token for another organisation is given where that one has delegated it",
          "[system][maskinporten]") {
  World world;
  auto options = world.options();
  options.consumer_org = owner;
  CHECK(told(world.ask(options)) == "a token");
  options.consumer_org = "123456789";
  CHECK_THAT(told(world.ask(options)),
             Contains("has not delegated") && Contains("have consumer_org delegate"));
}

TEST_CASE("What Maskinporten refuses is told with what to do", "[system][maskinporten]") {
  World world;
  auto options = world.options();
  SECTION("a key that is not registered") {
    options.key_id = "key-2";
    CHECK_THAT(told(world.ask(options)), Contains("400, invalid_grant") &&
                                             Contains("Unknown key identifier") &&
                                             Contains("give the id it has there as key_id"));
  }
  SECTION("another key than the registered one") {
    options.key_file = world.folder.write("key.pem", TestKey().private_pem());
    CHECK_THAT(told(world.ask(options)),
               Contains("Invalid signature") && Contains("key_file must be the key that is registered"));
  }
  SECTION("an unknown client") {
    options.client_id = "nobody";
    CHECK_THAT(told(world.ask(options)),
               Contains("Client not found") && Contains("see that client_id is one of"));
  }
  SECTION("a scope that is not granted") {
    options.scopes.emplace_back("altinn:serviceowner/instances.read");
    CHECK_THAT(told(world.ask(options)), Contains("invalid_scope") && Contains("have these scopes granted"));
  }
  SECTION("another audience") {
    options.audience = "https://maskinporten.no/";
    CHECK_THAT(told(world.ask(options)),
               Contains("Invalid JWT claim aud") && Contains("token_url must be of"));
  }
  SECTION("a clock that is behind") {
    options.now = [] { return system_now() - 10min; };
    CHECK_THAT(told(world.ask(options)), Contains("JWT is expired") && Contains("set the clock"));
  }
  SECTION("a clock that is ahead") {
    options.now = [] { return system_now() + 1min; };
    CHECK_THAT(told(world.ask(options)), Contains("claim iat") && Contains("set the clock"));
  }
}

TEST_CASE("A grant is used once", "[system][maskinporten]") {
  World world;
  auto options = world.options();
  options.new_id = [] { return Uuid{}; };
  const auto source = http::maskinporten(world.pool, options).value();
  const auto first = world.ask(*source);
  REQUIRE(first);
  source->invalidate(*first);
  CHECK_THAT(told(world.ask(*source)), Contains("Grant is used before"));
}

TEST_CASE("A key that Maskinporten could not tell is refused before anything is sent",
          "[system][maskinporten]") {
  World world;
  auto options = world.options();
  const auto member = [&] {
    const auto token = world.ask(options);
    return token ? std::string() : token.error().member;
  };
  SECTION("neither an id nor a certificate") {
    options.key_id.clear();
    CHECK(member() == "auth.maskinporten.key_id");
    options.key_file = world.folder.write("key.jwk", world.key.jwk(""));
    CHECK(member() == "auth.maskinporten.key_id");
  }
  SECTION("both") {
    options = world.with_certificate();
    options.key_id = "key-1";
    CHECK(member() == "auth.maskinporten.key_id");
  }
  SECTION("a certificate of another key") {
    options = world.with_certificate();
    options.key_file = world.folder.write("key.pem", TestKey().private_pem());
    CHECK(member() == "auth.maskinporten.certificate_file");
  }
  SECTION("a certificate that has run out") {
    options = world.with_certificate();
    options.now = [] { return system_now() + std::chrono::hours{48}; };
    CHECK(member() == "auth.maskinporten.certificate_file");
  }
  SECTION("a JWK whose numbers do not belong together") {
    auto jwk = world.key.jwk("key-1", false);
    const auto at = jwk.find("\"d\":\"") + 10;
    jwk[at] = jwk[at] == 'A' ? 'B' : 'A';
    options.key_file = world.folder.write("key.jwk", jwk);
    CHECK(member() == "auth.maskinporten.key_file");
  }
  SECTION("a public JWK, one of another kind, one that is cut off") {
    for (const auto* text : {R"({"kty":"RSA","n":"sXch","e":"AQAB","kid":"key-1"})",
                             R"({"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"})", R"({"kty":"RSA",)"}) {
      options.key_file = world.folder.write("key.jwk", text);
      CHECK(member() == "auth.maskinporten.key_file");
    }
  }
}

TEST_CASE("The engine carries from a platform that asks for tokens", "[system][maskinporten]") {
  World world;
  world.folder.write("key.jwk", world.key.jwk("key-1"));
  const Days days{"2025-11-20", "2025-11-20"};
  Ferry ferry(world.platform, days,
              fmt::format(R"([auth]
mode = "maskinporten"
[auth.maskinporten]
client_id = "with-key"
key_file = "{}"
token_url = "{}/token"
exchange_url = "{}/authentication/api/v1/exchange/maskinporten"
scopes = ["{}", "{}"]
)",
                          world.folder.path("key.jwk"), world.platform.base_url(), world.platform.base_url(),
                          storage_scope, dialogporten_scope));
  CHECK(world.platform.request("GET", "/storage/api/v1/applications").status == 401);
  CHECK(ferry.carry().exit == 0);
  CHECK(world.platform.audit().exact());
}
