#include <dialogferry/model/sha256.hpp>

#include <memory>
#include <openssl/evp.h>

namespace dialogferry {

std::array<std::uint8_t, 32> sha256(std::string_view input) {
  // Fetched once: looking an algorithm up takes a lock and costs more than the hash.
  thread_local const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     EVP_MD_CTX_free);
  std::array<std::uint8_t, 32> digest{};
  EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
  EVP_DigestUpdate(context.get(), input.data(), input.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

} // namespace dialogferry
