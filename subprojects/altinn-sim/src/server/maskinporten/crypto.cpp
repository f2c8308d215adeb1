#include "maskinporten/crypto.hpp"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdexcept>

namespace altinn_sim::maskinporten {

namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

Owned<BIO> reader_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

X509* x509(const Certificate& certificate) {
  return static_cast<X509*>(certificate.get());
}

const EVP_MD* digest_of(std::string_view alg) {
  if (alg == "RS256") return EVP_sha256();
  if (alg == "RS384") return EVP_sha384();
  return alg == "RS512" ? EVP_sha512() : nullptr;
}

/// The first entry of that kind in the subject.
std::string subject_entry(const Certificate& certificate, int kind) {
  auto* name = X509_get_subject_name(x509(certificate));
  const int at = X509_NAME_get_index_by_NID(name, kind, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string value(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return value;
}

} // namespace

PublicKey read_public_key(const std::string& pem) {
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(reader_of(pem).get(), nullptr, nullptr, nullptr),
                                &EVP_PKEY_free);
  if (!key) throw std::invalid_argument("pem is no public key");
  return key;
}

std::vector<Certificate> read_certificates(const std::string& pem) {
  std::vector<Certificate> all;
  auto reader = reader_of(pem);
  while (auto* read = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr))
    all.emplace_back(std::shared_ptr<X509>(read, &X509_free));
  if (all.empty()) throw std::invalid_argument("authorities holds no certificate");
  return all;
}

Certificate read_x5c(std::string_view text) {
  std::string der(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(der.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size <= 0) return nullptr;
  const auto* at = bytes_of(der);
  return std::shared_ptr<X509>(d2i_X509(nullptr, &at, size), &X509_free);
}

PublicKey key_of(const Certificate& certificate) {
  return std::shared_ptr<EVP_PKEY>(X509_get_pubkey(x509(certificate)), &EVP_PKEY_free);
}

std::string organisation_of(const Certificate& certificate) {
  constexpr std::string_view prefix = "NTRNO-";
  const auto identifier = subject_entry(certificate, NID_organizationIdentifier);
  if (identifier.compare(0, prefix.size(), prefix) == 0) return identifier.substr(prefix.size());
  return subject_entry(certificate, NID_serialNumber);
}

bool is_trusted(const std::vector<Certificate>& chain, const std::vector<Certificate>& authorities) {
  if (chain.empty()) return false;
  const Owned<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
  for (const auto& each : authorities)
    X509_STORE_add_cert(store.get(), x509(each));
  const Owned<STACK_OF(X509)> others(sk_X509_new_null(), [](STACK_OF(X509) * all) { sk_X509_free(all); });
  for (auto each = chain.begin() + 1; each != chain.end(); ++each)
    sk_X509_push(others.get(), x509(*each));
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  return X509_STORE_CTX_init(context.get(), store.get(), x509(chain.front()), others.get()) == 1 &&
         X509_verify_cert(context.get()) == 1;
}

bool verifies(const PublicKey& key, std::string_view alg, std::string_view text, std::string_view signature) {
  const auto* digest = digest_of(alg);
  auto* used = static_cast<EVP_PKEY*>(key.get());
  if (!digest || !used || EVP_PKEY_base_id(used) != EVP_PKEY_RSA) return false;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, used) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

std::string hmac(std::string_view secret, std::string_view text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  out.resize(size);
  return out;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  return bytes;
}

std::string base64url(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  while (!out.empty() && out.back() == '=')
    out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string padded(text);
  if (padded.find_first_of("+/=\r\n ") != std::string::npos || text.empty()) return std::nullopt;
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const auto padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(padded),
                                   static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

} // namespace altinn_sim::maskinporten
