#include "jwt.hpp"

#include <simdjson.h>

#include <array>
#include <ctime>
#include <fstream>
#include <iterator>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace dialogferry::http {
namespace {

constexpr std::size_t longest_file = 1 << 20;

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

using Key = std::shared_ptr<EVP_PKEY>;

Result<std::string> read_file(const std::string& path, std::string_view member) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.size() > longest_file) return fail(std::string(member), "cannot be read: " + path);
  return text;
}

/// A view of `text` for OpenSSL.
Owned<BIO> reader_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

/// Instead of asking at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Key read_pem(const std::string& text) {
  return {PEM_read_bio_PrivateKey(reader_of(text).get(), nullptr, &no_passphrase, nullptr), &EVP_PKEY_free};
}

// -- JWK ---------------------------------------------------------------------------

/// A member of a private RSA key in a JWK (RFC 7518, 6.3) and OpenSSL's name of it.
struct Number {
  std::string_view member;
  const char* name;
};
constexpr std::array numbers = {
    Number{"n", OSSL_PKEY_PARAM_RSA_N},          Number{"e", OSSL_PKEY_PARAM_RSA_E},
    Number{"d", OSSL_PKEY_PARAM_RSA_D},          Number{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    Number{"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    Number{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    Number{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, Number{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};
/// n, e and d are needed; the others go together or not at all.
constexpr std::size_t needed_numbers = 3;

Key build_key(const std::vector<Owned<BIGNUM>>& values) {
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (OSSL_PARAM_BLD_push_BN(builder.get(), numbers[i].name, values[i].get()) != 1) return nullptr;
  const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()), &OSSL_PARAM_free);
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  if (!context || !parameters || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1)
    return nullptr;
  return {key, &EVP_PKEY_free};
}

Key read_jwk(const std::string& text, std::string& id) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view type;
  if (parser.parse(text).get(root) != simdjson::SUCCESS || root["kty"].get(type) != simdjson::SUCCESS ||
      type != "RSA")
    return nullptr;
  std::vector<Owned<BIGNUM>> values;
  for (const auto& number : numbers) {
    std::string_view written;
    if (root[number.member].get(written) != simdjson::SUCCESS) break;
    const auto bytes = decode_base64url(written);
    if (!bytes) return nullptr;
    values.emplace_back(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                                  static_cast<int>(bytes->size()), nullptr),
                        &BN_clear_free);
  }
  if (values.size() < needed_numbers) return nullptr;
  while (values.size() > needed_numbers && values.size() < numbers.size())
    values.pop_back();
  std::string_view name;
  if (root["kid"].get(name) == simdjson::SUCCESS) id = name;
  return build_key(values);
}

// -- certificates ------------------------------------------------------------------

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string der_of(X509& certificate) {
  std::string bytes(static_cast<std::size_t>(i2d_X509(&certificate, nullptr)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(bytes.data());
  i2d_X509(&certificate, &at);
  return bytes;
}

bool is_good(X509& certificate, Instant now) {
  auto seconds = static_cast<std::time_t>(now.ticks / Instant::per_second);
  return X509_cmp_time(X509_get0_notBefore(&certificate), &seconds) < 0 &&
         X509_cmp_time(X509_get0_notAfter(&certificate), &seconds) > 0;
}

} // namespace

Result<SigningKey> SigningKey::load(const std::string& path, std::string_view member) {
  const auto text = read_file(path, member);
  if (!text) return tl::unexpected(text.error());
  const auto first = text->find_first_not_of(" \t\r\n");
  std::string id;
  const bool is_json = first != std::string::npos && (*text)[first] == '{';
  SigningKey key(is_json ? read_jwk(*text, id) : read_pem(*text), {});
  key.id_ = std::move(id);
  if (!key.key_ || EVP_PKEY_base_id(static_cast<EVP_PKEY*>(key.handle())) != EVP_PKEY_RSA || !key.is_whole())
    return fail(std::string(member), "is not a private RSA key: " + path,
                "give a PEM file without a passphrase, or a JWK with n, e and d");
  return key;
}

Result<std::string> SigningKey::sign(std::string_view text) const {
  auto* const key = static_cast<EVP_PKEY*>(handle());
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_size(key)), '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                     text.size()) != 1) {
    return fail("auth.maskinporten.key_file", "cannot sign");
  }
  signature.resize(size);
  return signature;
}

bool SigningKey::is_whole() const {
  constexpr std::string_view text = "whole";
  const auto signature = sign(text);
  if (!signature) return false;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                              static_cast<EVP_PKEY*>(handle())) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                          signature->size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

Result<std::vector<std::string>> certificate_chain(const std::string& path, std::string_view member,
                                                   const SigningKey& key, Instant now) {
  const auto text = read_file(path, member);
  if (!text) return tl::unexpected(text.error());
  const auto reader = reader_of(*text);
  std::vector<std::string> chain;
  bool found = false;
  while (auto* const read = PEM_read_bio_X509(reader.get(), nullptr, &no_passphrase, nullptr)) {
    const Owned<X509> certificate(read, &X509_free);
    const bool own =
        !found && X509_check_private_key(certificate.get(), static_cast<EVP_PKEY*>(key.handle())) == 1;
    if (own && !is_good(*certificate, now))
      return fail(std::string(member), "holds a certificate that is not valid today: " + path,
                  "give the one that replaces it, with its key as key_file");
    chain.insert(own ? chain.begin() : chain.end(), base64(der_of(*certificate)));
    found = found || own;
  }
  if (!found)
    return fail(std::string(member), "holds no certificate of key_file: " + path,
                "give the enterprise certificate of that key and those above it, as PEM");
  return chain;
}

} // namespace dialogferry::http
