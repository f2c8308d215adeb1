#pragma once

#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::http {

/// A private RSA key that signs.
class SigningKey {
public:
  /// PEM without a passphrase. The Problem's member is `member`.
  static Result<SigningKey> load(const std::string& path, std::string_view member);

  /// RS256: RSASSA-PKCS1-v1_5 with SHA-256.
  Result<std::string> sign(std::string_view text) const;

private:
  explicit SigningKey(std::shared_ptr<void> key)
      : key_(std::move(key)) {}
  std::shared_ptr<void> key_; ///< EVP_PKEY
};

/// Base64 for URLs, without padding (RFC 7515).
std::string base64url(std::string_view bytes);

/// What a grant claims (RFC 7523).
struct Grant {
  std::string audience;
  std::string issuer;
  std::string scope;
  std::string id;
  std::string key_id; ///< header `kid`, absent where empty
  Instant issued_at;
  std::chrono::seconds lifetime{100}; ///< Maskinporten takes at most 120 s
};

/// The signed assertion.
Result<std::string> make_assertion(const Grant& grant, const SigningKey& key);

/// The `exp` claim of a token; the signature is not looked at. Nothing for what is not a JWT.
std::optional<Instant> expiry_of(std::string_view jwt);

} // namespace dialogferry::http
