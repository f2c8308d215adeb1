#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace dialogferry::system {

/// An RSA key made for a test.
class TestKey {
public:
  TestKey();

  std::string private_pem() const;
  std::string public_pem() const;
  /// As a private JWK with this `kid`; without p, q and what follows from them where `whole` is false.
  std::string jwk(std::string_view kid, bool whole = true) const;
  /// A certificate of this key, PEM, valid today, signed by `authority`; organisation number in its subject.
  std::string certificate(std::string_view organisation, const TestKey& authority) const;

private:
  std::shared_ptr<void> key_; ///< EVP_PKEY
};

} // namespace dialogferry::system
