#include "keys.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <utility>
#include <vector>

namespace dialogferry::system {

namespace {

EVP_PKEY* of(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

template <class Write>
std::string written(Write write) {
  const std::shared_ptr<BIO> out(BIO_new(BIO_s_mem()), &BIO_free_all);
  write(out.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string base64url(const std::vector<unsigned char>& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                      bytes.data(), static_cast<int>(bytes.size()))));
  while (out.back() == '=')
    out.pop_back();
  for (auto& c : out)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::string number(EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  EVP_PKEY_get_bn_param(key, name, &value);
  std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(value)));
  BN_bn2bin(value, bytes.data());
  BN_clear_free(value);
  return base64url(bytes);
}

/// C = NO, and what `entries` says.
void name_it(X509_NAME* name, std::initializer_list<std::pair<const char*, std::string>> entries) {
  for (const auto& [field, text] : entries)
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
}

} // namespace

TestKey::TestKey()
    : key_(std::shared_ptr<EVP_PKEY>(EVP_RSA_gen(2048), &EVP_PKEY_free)) {}

std::string TestKey::private_pem() const {
  return written(
      [&](BIO* out) { PEM_write_bio_PrivateKey(out, of(key_), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string TestKey::public_pem() const {
  return written([&](BIO* out) { PEM_write_bio_PUBKEY(out, of(key_)); });
}

std::string TestKey::jwk(std::string_view kid, bool whole) const {
  std::vector<std::pair<const char*, const char*>> members = {
      {"n", OSSL_PKEY_PARAM_RSA_N}, {"e", OSSL_PKEY_PARAM_RSA_E}, {"d", OSSL_PKEY_PARAM_RSA_D}};
  if (whole)
    members.insert(members.end(), {{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                   {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                   {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                   {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                   {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}});
  std::string text = R"({"kty":"RSA","use":"sig","alg":"RS256")";
  if (!kid.empty()) text += R"(,"kid":")" + std::string(kid) + "\"";
  for (const auto& [member, name] : members)
    text += std::string(",\"") + member + "\":\"" + number(of(key_), name) + "\"";
  return text + "}\n";
}

std::string TestKey::certificate(std::string_view organisation, const TestKey& authority) const {
  const std::shared_ptr<X509> made(X509_new(), &X509_free);
  const bool is_root = &authority == this;
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), is_root ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 86'400);
  X509_set_pubkey(made.get(), of(key_));
  const std::string root = "Test authority";
  name_it(X509_get_issuer_name(made.get()), {{"C", "NO"}, {"CN", root}});
  if (is_root)
    name_it(X509_get_subject_name(made.get()), {{"C", "NO"}, {"CN", root}});
  else
    name_it(X509_get_subject_name(made.get()),
            {{"C", "NO"}, {"CN", "Test enterprise"}, {"serialNumber", std::string(organisation)}});
  if (is_root) {
    const std::shared_ptr<X509_EXTENSION> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"),
        &X509_EXTENSION_free);
    X509_add_ext(made.get(), extension.get(), -1);
  }
  X509_sign(made.get(), of(authority.key_), EVP_sha256());
  return written([&](BIO* out) { PEM_write_bio_X509(out, made.get()); });
}

} // namespace dialogferry::system
