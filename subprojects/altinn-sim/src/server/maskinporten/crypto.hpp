#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::maskinporten {

/// An EVP_PKEY, public part alone.
using PublicKey = std::shared_ptr<void>;
/// An X509.
using Certificate = std::shared_ptr<void>;

/// Throws std::invalid_argument where the text is no PEM of its kind.
PublicKey read_public_key(const std::string& pem);
std::vector<Certificate> read_certificates(const std::string& pem);

/// An element of `x5c`: Base64 of DER. Null for anything else.
Certificate read_x5c(std::string_view text);
PublicKey key_of(const Certificate& certificate);
/// The organisation number of an enterprise certificate's subject (serialNumber, or organizationIdentifier
/// after "NTRNO-"); empty where it names none.
std::string organisation_of(const Certificate& certificate);
/// Whether the first of `chain` is good now and hangs, over the others, below one of `authorities`.
bool is_trusted(const std::vector<Certificate>& chain, const std::vector<Certificate>& authorities);

/// RSASSA-PKCS1-v1_5 with `alg`: RS256, RS384 or RS512; false for any other.
bool verifies(const PublicKey& key, std::string_view alg, std::string_view text, std::string_view signature);

/// HMAC-SHA256, to sign what the simulator itself issues.
std::string hmac(std::string_view secret, std::string_view text);
std::string random_bytes(std::size_t count);

std::string base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace altinn_sim::maskinporten
