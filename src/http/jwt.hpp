#pragma once

#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry::http {

/// A private RSA key that signs.
class SigningKey {
public:
  /// PEM without a passphrase, or a JWK (RFC 7517), whose numbers must belong together. The Problem's member
  /// is `member`; it holds nothing of the file but its path.
  static Result<SigningKey> load(const std::string& path, std::string_view member);

  /// RS256: RSASSA-PKCS1-v1_5 with SHA-256.
  Result<std::string> sign(std::string_view text) const;

  /// The `kid` of a JWK; empty where there is none.
  const std::string& id() const { return id_; }

  /// EVP_PKEY
  void* handle() const { return key_.get(); }

private:
  SigningKey(std::shared_ptr<void> key, std::string id)
      : key_(std::move(key))
      , id_(std::move(id)) {}
  /// Whether what it signs is what its public part verifies.
  bool is_whole() const;

  std::shared_ptr<void> key_;
  std::string id_;
};

/// What `x5c` holds (RFC 7517, 4.7): the certificates of a PEM file as Base64, the one of `key` first and the
/// others as they stand. None of `key`, or one that is not good at `now`, is a Problem of `member`.
Result<std::vector<std::string>> certificate_chain(const std::string& path, std::string_view member,
                                                   const SigningKey& key, Instant now);

/// Base64 for URLs, without padding (RFC 7515).
std::string base64url(std::string_view bytes);

/// Reads what base64url() writes; nothing for anything else.
std::optional<std::string> decode_base64url(std::string_view text);

/// What a grant claims (RFC 7523).
struct Grant {
  std::string audience;
  std::string issuer;
  std::string scope;
  std::string id;
  std::string key_id;                         ///< header `kid`, absent where empty
  std::vector<std::string> certificates = {}; ///< header `x5c`, absent where empty
  std::string consumer_org = {};              ///< claim `consumer_org`, absent where empty
  Instant issued_at;
  std::chrono::seconds lifetime{100}; ///< Maskinporten takes at most 120 s
};

/// The signed assertion.
Result<std::string> make_assertion(const Grant& grant, const SigningKey& key);

/// The `exp` claim of a token; the signature is not looked at. Nothing for what is not a JWT.
std::optional<Instant> expiry_of(std::string_view jwt);

} // namespace dialogferry::http
