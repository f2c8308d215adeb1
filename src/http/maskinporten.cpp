#include "jwt.hpp"
#include "token_cache.hpp"

#include <dialogferry/http/auth.hpp>
#include <dialogferry/http/client.hpp>
#include <dialogferry/http/masking.hpp>
#include <dialogferry/http/url.hpp>

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

namespace dialogferry::http {
namespace {

constexpr std::string_view section = "auth.maskinporten";

/// What to do about a refusal, by the words of Maskinporten's error_description.
std::string_view advice(std::string_view error, std::string_view words) {
  struct Advice {
    std::string_view word;
    std::string_view hint;
  };
  constexpr std::array known = {
      Advice{"scope",
             "have these scopes granted to the organisation and the client, or take them out of scopes"},
      Advice{"(kid)", "register the key with the client, and give the id it has there as key_id"},
      Advice{"claim aud", "token_url must be of the environment that the client is registered in"},
      Advice{"certificate", "give an enterprise certificate that is valid in this environment, and its key"},
      Advice{"Expired key", "register a new key, and give it as key_file and key_id"},
      Advice{"is expired", "set the clock of this machine"},
      Advice{"claim iat", "set the clock of this machine"},
      Advice{"claim exp", "set the clock of this machine"},
      Advice{"signature", "key_file must be the key that is registered under key_id"},
      Advice{"onsumer", "have consumer_org delegate the scopes to the organisation of the client"},
      Advice{"Client", "see that client_id is one of the environment of token_url"},
  };
  if (error == "invalid_scope") return known.front().hint;
  for (const auto& one : known)
    if (words.find(one.word) != std::string_view::npos) return one.hint;
  return {};
}

tl::unexpected<Problem> refused(std::string_view what, const Answer& answer) {
  std::string text(what);
  text += " gave no token: ";
  if (!answer) return fail(std::string(section), text + answer.error().text);
  text += "status " + std::to_string(answer->status);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view error;
  std::string_view words;
  if (parser.parse(answer->body).get(root) == simdjson::SUCCESS) {
    if (root["error"].get(error) == simdjson::SUCCESS) text += ", " + mask_identities(error.substr(0, 300));
    if (root["error_description"].get(words) == simdjson::SUCCESS)
      text += ", " + mask_identities(words.substr(0, 300));
  }
  return fail(std::string(section), std::move(text), std::string(advice(error, words)));
}

Result<Fetched> read_grant_answer(const Answer& answer) {
  if (!answer || answer->status != 200) return refused("Maskinporten", answer);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view token;
  std::int64_t seconds = 0;
  if (parser.parse(answer->body).get(root) != simdjson::SUCCESS ||
      root["access_token"].get(token) != simdjson::SUCCESS || !is_token(token) ||
      root["expires_in"].get(seconds) != simdjson::SUCCESS || seconds <= 0) {
    return fail(std::string(section), "Maskinporten's answer has no access_token with expires_in");
  }
  return Fetched{std::string(token), std::chrono::seconds(std::min<std::int64_t>(seconds, 86'400))};
}

/// The exchange answers with the bare token, in some versions as a JSON string.
Result<Fetched> read_exchange_answer(const Answer& answer, std::chrono::seconds before, Instant now) {
  if (!answer || answer->status != 200) return refused("the token exchange", answer);
  std::string_view text = answer->body;
  constexpr std::string_view around = "\" \r\n";
  const auto from = text.find_first_not_of(around);
  if (from == std::string_view::npos)
    return fail(std::string(section), "the token exchange's answer is empty");
  text = text.substr(from, text.find_last_not_of(around) + 1 - from);
  if (!is_token(text) || text.find_first_of("\"{<") != std::string_view::npos) {
    return fail(std::string(section), "the token exchange's answer is not a token");
  }
  auto lifetime = before;
  if (const auto expiry = expiry_of(text)) {
    lifetime = std::chrono::seconds(
        std::clamp<std::int64_t>((expiry->ticks - now.ticks) / Instant::per_second, 1, 86'400));
  }
  return Fetched{std::string(text), lifetime};
}

/// Where one of the two calls goes.
struct Endpoint {
  std::unique_ptr<Client> client;
  std::string target;
};

/// The two calls that make a token.
class Grants : public std::enable_shared_from_this<Grants> {
public:
  Grants(MaskinportenOptions options, SigningKey key, std::vector<std::string> certificates, Endpoint grant,
         Endpoint exchange)
      : options_(std::move(options))
      , key_(std::move(key))
      , certificates_(std::move(certificates))
      , grant_(std::move(grant))
      , exchange_(std::move(exchange)) {
    for (const auto& scope : options_.scopes)
      scopes_ += (scopes_.empty() ? "" : " ") + scope;
  }

  void fetch(TokenCache::Done done) {
    Grant claims;
    claims.audience = options_.audience;
    claims.issuer = options_.client_id;
    claims.scope = scopes_;
    claims.id = to_string(options_.new_id());
    claims.key_id = options_.key_id;
    claims.certificates = certificates_;
    claims.consumer_org = options_.consumer_org;
    claims.issued_at = options_.now();
    const auto assertion = make_assertion(claims, key_);
    if (!assertion) return done(tl::unexpected(assertion.error()));

    auto request = std::make_shared<Request>();
    request->method = Method::post;
    request->target = grant_.target;
    request->content_type = "application/x-www-form-urlencoded";
    request->accept = "application/json";
    request->body = "grant_type=" + percent_encode("urn:ietf:params:oauth:grant-type:jwt-bearer") +
                    "&assertion=" + *assertion;
    grant_.client->send(request, [self = shared_from_this(), done = std::move(done)](const Answer& answer) {
      auto fetched = read_grant_answer(answer);
      if (!fetched || !self->exchange_.client) return done(std::move(fetched));
      self->exchange(*fetched, done);
    });
  }

private:
  void exchange(const Fetched& first, TokenCache::Done done) {
    auto request = std::make_shared<Request>();
    request->target = exchange_.target;
    request->headers = {{"Authorization", "Bearer " + first.token}};
    exchange_.client->send(request, [self = shared_from_this(), lifetime = first.lifetime,
                                     done = std::move(done)](const Answer& answer) {
      done(read_exchange_answer(answer, lifetime, self->options_.now()));
    });
  }

  const MaskinportenOptions options_;
  const SigningKey key_;
  const std::vector<std::string> certificates_; ///< `x5c`; empty where the key has a `kid`
  const Endpoint grant_;
  const Endpoint exchange_;
  std::string scopes_;
};

/// Takes the `kid` of the key or the `x5c` of its certificate, of which there must be one.
Result<std::vector<std::string>> identify(MaskinportenOptions& options, const SigningKey& key) {
  const auto name = std::string(section) + ".key_id";
  if (!options.certificate_file.empty()) {
    if (!options.key_id.empty())
      return fail(name, "is set, and so is certificate_file",
                  "leave out the one that Maskinporten does not know");
    return certificate_chain(options.certificate_file, std::string(section) + ".certificate_file", key,
                             options.now());
  }
  if (options.key_id.empty()) options.key_id = key.id();
  if (options.key_id.empty())
    return fail(name, "is missing",
                "give the id that the key has in Maskinporten, a JWK with kid, or certificate_file");
  return {};
}

Result<Endpoint> make_endpoint(IoPool& pool, const MaskinportenOptions& options, std::string_view member,
                               const std::string& url) {
  const auto name = std::string(section) + "." + std::string(member);
  // What is behind the path goes into the target, so that the exchange may have a query.
  const auto question = url.find('?');
  const auto parsed = parse_url(std::string_view(url).substr(0, question), name);
  if (!parsed) return tl::unexpected(parsed.error());
  ClientOptions client;
  client.name = name;
  client.base_url = (parsed->tls ? "https://" : "http://") + parsed->authority();
  client.connections = 1;
  client.timeout = options.timeout;
  client.max_response = 1 << 20;
  client.ca_file = options.ca_file;
  client.now = options.now;
  auto made = Client::create(pool, std::move(client));
  if (!made) return tl::unexpected(made.error());
  auto target = parsed->path.empty() ? std::string("/") : parsed->path;
  if (question != std::string::npos) target += url.substr(question);
  return Endpoint{std::move(*made), std::move(target)};
}

} // namespace

Result<std::shared_ptr<TokenSource>> maskinporten(IoPool& pool, MaskinportenOptions options) {
  if (options.client_id.empty()) return fail("auth.maskinporten.client_id", "is missing");
  if (options.scopes.empty()) return fail("auth.maskinporten.scopes", "names no scope");
  auto key = SigningKey::load(options.key_file, "auth.maskinporten.key_file");
  if (!key) return tl::unexpected(key.error());
  auto certificates = identify(options, *key);
  if (!certificates) return tl::unexpected(certificates.error());
  auto grant = make_endpoint(pool, options, "token_url", options.token_url);
  if (!grant) return tl::unexpected(grant.error());
  Endpoint exchange;
  if (!options.exchange_url.empty()) {
    auto made = make_endpoint(pool, options, "exchange_url", options.exchange_url);
    if (!made) return tl::unexpected(made.error());
    exchange = std::move(*made);
  }
  if (options.audience.empty())
    options.audience = options.token_url.substr(0, options.token_url.rfind('/') + 1);
  auto steady = options.steady;
  auto grants = std::make_shared<Grants>(std::move(options), std::move(*key), std::move(*certificates),
                                         std::move(*grant), std::move(exchange));
  return std::make_shared<TokenCache>([grants](TokenCache::Done done) { grants->fetch(std::move(done)); },
                                      std::move(steady));
}

} // namespace dialogferry::http
