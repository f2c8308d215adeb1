#pragma once

#include "answers.hpp"
#include "files.hpp"
#include "raw_server.hpp"

#include <cstdio>
#include <memory>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <optional>
#include <string>

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

inline Key make_key() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

inline void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Signed by `issuer_key`; its own issuer where `issuer` is null. `names` as "DNS:localhost", empty for a CA.
inline Certificate make_certificate(const std::string& name, const Key& key, const Certificate& issuer,
                                    const Key& issuer_key, const std::string& names, long from, long to) {
  Certificate certificate(X509_new(), &X509_free);
  X509* const x = certificate.get();
  static long serial = 0;
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), from);
  X509_gmtime_adj(X509_getm_notAfter(x), to);
  X509_set_pubkey(x, key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* const signer = issuer ? issuer.get() : x;
  X509_set_issuer_name(x, X509_get_subject_name(signer));
  if (names.empty()) {
    extend(x, signer, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    extend(x, signer, NID_subject_alt_name, names);
  }
  X509_sign(x, issuer_key.get(), EVP_sha256());
  return certificate;
}

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  write(bio.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

inline std::string pem_of(const Certificate& certificate) {
  return pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}

/// A certificate authority with a server that it vouches for; `tls` serves others too.
struct World {
  explicit World(const std::string& names = "DNS:localhost,IP:127.0.0.1", long from = -3600, long to = 3600)
      : tls(raw::asio::ssl::context::tls_server) {
    const auto server_key = make_key();
    const auto certificate = make_certificate("server", server_key, ca, ca_key, names, from, to);
    SSL_CTX_use_certificate(tls.native_handle(), certificate.get());
    SSL_CTX_use_PrivateKey(tls.native_handle(), server_key.get());
    server.emplace(raw::each([](raw::Session& session, const raw::Request& request) {
                     session.answer(200, request.body.empty() ? "secret" : request.body);
                   }),
                   &tls);
  }

  dialogferry::http::Answer ask_as(const std::string& host, const std::string& ca_file) {
    dialogferry::http::IoPool pool(1);
    dialogferry::http::ClientOptions options;
    options.ca_file = ca_file;
    return ask(*connect(pool, server->url(host), options), get("/"));
  }

  TemporaryFolder folder;
  Key ca_key = make_key();
  Certificate ca = make_certificate("Test CA", ca_key, nullptr, ca_key, "", -3600, 3600);
  std::string ca_file = folder.write("ca.pem", pem_of(ca));
  raw::asio::ssl::context tls;
  std::optional<raw::Server> server;
};
