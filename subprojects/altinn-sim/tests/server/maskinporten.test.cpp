#include "maskinporten/tokens.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

using namespace altinn_sim;
using namespace altinn_sim::maskinporten;

namespace {

namespace json = boost::json;

constexpr std::int64_t start = 1'763'380'800;
constexpr const char* form = "application/x-www-form-urlencoded";

struct Signer {
  std::shared_ptr<EVP_PKEY> key{EVP_RSA_gen(2048), &EVP_PKEY_free};

  std::string public_pem() const {
    std::shared_ptr<BIO> out(BIO_new(BIO_s_mem()), &BIO_free_all);
    PEM_write_bio_PUBKEY(out.get(), key.get());
    char* data = nullptr;
    auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  std::string sign(std::string_view text, const EVP_MD* digest) const {
    std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string out(static_cast<std::size_t>(EVP_PKEY_size(key.get())), '\0');
    auto size = out.size();
    EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return out;
  }
};

/// One client with one key, and a grant of it that is good as it stands.
struct World {
  Signer signer;
  std::int64_t now = start;
  Tokens tokens{read_clients({{"clients",
                               {{{"client_id", "client"},
                                 {"organisation", "991825827"},
                                 {"keys", {{{"kid", "key"}, {"pem", signer.public_pem()}}}},
                                 {"scopes", {"a:read", "a:write"}}}}}}),
                [this] { return now; }};
  json::object header = {{"alg", "RS256"}, {"kid", "key"}};
  json::object claims = {
      {"aud", "http://127.0.0.1:80/"}, {"iss", "client"}, {"iat", start}, {"exp", start + 120}, {"jti", "1"},
      {"scope", "a:read a:write"}};
  const EVP_MD* digest = EVP_sha256();
  std::string grant_type = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
  std::string content_type = form;
  Method method = Method::post;

  Response ask() {
    auto assertion = base64url(json::serialize(header)) + '.' + base64url(json::serialize(claims));
    assertion += '.' + base64url(signer.sign(assertion, digest));
    const auto body = "grant_type=" + grant_type + "&assertion=" + assertion;
    Request request;
    request.method = method;
    request.content_type = content_type;
    request.host = "127.0.0.1:80";
    request.body = body;
    return tokens.token(request);
  }

  /// The status, the error and the words; or "200".
  std::string verdict() {
    const auto response = ask();
    if (response.status == 200) return "200";
    const auto body = json::parse(response.body).get_object();
    return std::to_string(response.status) + ' ' + std::string(body.at("error").get_string()) + ": " +
           std::string(body.at("error_description").get_string());
  }

  Response exchange(const std::string& token) {
    const auto authorization = "Bearer " + token;
    Request request;
    request.authorization = authorization;
    request.host = "127.0.0.1:80";
    return tokens.exchange(request);
  }
};

using Catch::Contains;

} // namespace

TEST_CASE("A good grant gives a token, which is exchanged for one that the platform admits",
          "[maskinporten]") {
  World world;
  const auto answer = json::parse(world.ask().body).get_object();
  CHECK(answer.at("token_type") == "Bearer");
  CHECK(answer.at("expires_in") == 119);
  const std::string token(answer.at("access_token").get_string());
  CHECK_FALSE(world.tokens.admits("Bearer " + token));
  const auto exchanged = world.exchange(token);
  REQUIRE(exchanged.status == 200);
  CHECK(world.tokens.admits("Bearer " + exchanged.body));
  CHECK(world.exchange(exchanged.body).status == 401);
  CHECK(world.exchange(token + "x").status == 401);
  world.now += 119;
  CHECK(world.exchange(token).status == 401);
  world.now += 1800;
  CHECK_FALSE(world.tokens.admits("Bearer " + exchanged.body));
}

TEST_CASE("RS384 and RS512 are taken as well", "[maskinporten]") {
  World world;
  world.header["alg"] = "RS512";
  world.digest = EVP_sha512();
  CHECK(world.verdict() == "200");
}

TEST_CASE("What the real token endpoint refuses is refused with its errors", "[maskinporten]") {
  World world;
  const std::string authentication = "400 invalid_grant: Invalid assertion. Client authentication failed. ";
  SECTION("algorithm") {
    world.header["alg"] = GENERATE("none", "HS256", "PS256", "RS512");
    CHECK(world.verdict() == authentication + "Invalid signature");
  }
  SECTION("neither kid nor x5c, both") {
    SECTION("neither") {
      world.header.erase("kid");
    }
    SECTION("both") {
      world.header["x5c"] = json::array{"AAAA"};
    }
    CHECK(world.verdict() == authentication + "Either kid or x5c must be present in the header.");
  }
  SECTION("kid") {
    world.header["kid"] = "other";
    CHECK(world.verdict() == authentication + "Unknown key identifier (kid) for client.");
  }
  SECTION("a certificate where a key is registered") {
    world.header.erase("kid");
    world.header["x5c"] = json::array{"AAAA"};
    CHECK(world.verdict() == authentication + "Unknown key identifier (kid) for client.");
  }
  SECTION("client") {
    world.claims["iss"] = "nobody";
    CHECK(world.verdict() == authentication + "Client not found");
  }
  SECTION("the token endpoint as audience, two audiences") {
    SECTION("endpoint") {
      world.claims["aud"] = "http://127.0.0.1:80/token";
    }
    SECTION("two") {
      world.claims["aud"] = json::array{"http://127.0.0.1:80/", "x"};
    }
    CHECK(world.verdict() == authentication + "Invalid JWT claim aud");
  }
  SECTION("more than 120 s") {
    world.claims["exp"] = start + 121;
    CHECK_THAT(world.verdict(), Contains("Invalid JWT claim exp"));
  }
  SECTION("expired") {
    world.now = start + 120;
    CHECK(world.verdict() == authentication + "JWT is expired");
  }
  SECTION("a clock ahead, a clock behind") {
    world.now += GENERATE(-11, 11);
    CHECK(world.verdict() == authentication + "Invalid JWT claim iat");
  }
  SECTION("no iat, a text as exp") {
    SECTION("iat") {
      world.claims.erase("iat");
    }
    SECTION("exp") {
      world.claims["exp"] = "1763380900";
    }
    CHECK_THAT(world.verdict(), Contains("Invalid JWT claim"));
  }
  SECTION("used twice") {
    CHECK(world.verdict() == "200");
    CHECK(world.verdict() == "400 invalid_grant: Invalid assertion. Grant is used before");
  }
  SECTION("a claim that is not known") {
    world.claims["nbf"] = start;
    CHECK(world.verdict() == "400 invalid_grant: Invalid assertion. Unknown claim nbf");
  }
  SECTION("scope") {
    world.claims["scope"] = GENERATE("a:read a:delete", "");
    CHECK(world.verdict() == "400 invalid_scope: Token request contains invalid scopes for client");
  }
  SECTION("delegation") {
    world.claims["consumer_org"] = "974760673";
    CHECK_THAT(world.verdict(), Contains("has not delegated"));
  }
  SECTION("grant type") {
    world.grant_type = "client_credentials";
    CHECK(world.verdict() == "400 unsupported_grant_type: Unsupported grant_type");
  }
  SECTION("content type and method") {
    SECTION("type") {
      world.content_type = "application/json";
    }
    SECTION("method") {
      world.method = Method::get;
    }
    CHECK_THAT(world.verdict(), Contains("invalid_request"));
  }
}

TEST_CASE("What is no assertion is an invalid request", "[maskinporten]") {
  World world;
  for (const auto* text : {"", "a", "a.b.c", "..", "eyJhIjo.eyJ9.x"}) {
    const auto body = "grant_type=" + world.grant_type + "&assertion=" + text;
    Request request;
    request.method = Method::post;
    request.content_type = form;
    request.body = body;
    const auto response = world.tokens.token(request);
    CHECK(response.status == 400);
    CHECK(json::parse(response.body).at("error") == "invalid_request");
  }
}

TEST_CASE("A file of clients that is not one is refused with the member", "[maskinporten]") {
  const auto refusal = [](const json::value& value) {
    try {
      read_clients(value);
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  CHECK(refusal(json::object()) == "taken");
  CHECK_THAT(refusal({{"clients", 1}}), Contains("clients"));
  CHECK_THAT(refusal({{"clients", {{{"client_id", "a"}}}}}), Contains("organisation"));
  CHECK_THAT(refusal({{"authorities", "x"}}), Contains("authorities"));
  CHECK_THAT(refusal({{"client", 1}}), Contains("client"));
}
