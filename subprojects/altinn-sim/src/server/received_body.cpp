#include "received_body.hpp"

#include "http_server.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace altinn_sim {

struct Md5::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Md5::Md5()
    : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, EVP_md5(), nullptr);
}

Md5::~Md5() {
  EVP_MD_CTX_free(state_->context);
}

void Md5::add(const void* bytes, std::size_t size) {
  EVP_DigestUpdate(state_->context, bytes, size);
}

std::string Md5::finish() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context, bytes.data(), &size);
  std::string out;
  for (unsigned at = 0; at < size; ++at) {
    out += digits[bytes[at] >> 4U];
    out += digits[bytes[at] & 15U];
  }
  return out;
}

bool kept_nowhere(std::string_view target) {
  constexpr std::string_view path = "/correspondence/api/v1/migration/attachment";
  target = target.substr(0, target.find('?'));
  return std::equal(target.begin(), target.end(), path.begin(), path.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

void ReceivedBody::reader::init(const boost::optional<std::uint64_t>& length,
                                boost::system::error_code& error) {
  error = {};
  if (kept_nowhere(target_())) {
    body_.is_file = true;
    if (body_.has_digest) body_.digest = std::make_unique<Md5>();
    return;
  }
  if (length) body_.text.reserve(static_cast<std::size_t>(std::min(*length, longest_text)));
}

void ReceivedBody::reader::add(const void* bytes, std::size_t size, boost::system::error_code& error) {
  error = {};
  if (body_.is_file) {
    if (body_.digest) body_.digest->add(bytes, size);
    body_.size += size;
    return;
  }
  if (body_.text.size() + size > longest_text)
    error = boost::beast::http::error::body_limit;
  else
    body_.text.append(static_cast<const char*>(bytes), size);
}

} // namespace altinn_sim
