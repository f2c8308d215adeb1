#include "uploads.hpp"

#include <dialogferry/http/stream.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/target/correspondence.hpp>

#include <openssl/evp.h>

namespace straight {

using namespace dialogferry;

namespace {

/// One block over and over.
class Repeated final : public http::BodyStream {
public:
  Repeated(std::uint64_t size, bool digest)
      : size_(size)
      , digest_(digest) {}

  std::uint64_t size() const override { return size_; }
  std::shared_ptr<http::BodyReader> open() override { return std::make_shared<Reader>(size_, digest_); }
  void ended() override {}

private:
  class Reader final : public http::BodyReader {
  public:
    Reader(std::uint64_t size, bool digest)
        : left_(size)
        , context_(digest ? EVP_MD_CTX_new() : nullptr, EVP_MD_CTX_free) {
      if (context_) EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr);
    }

    void read(Take take) override {
      static const std::string bytes(64 << 10, 'b');
      const auto block = std::string_view(bytes).substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
      left_ -= block.size();
      if (context_) EVP_DigestUpdate(context_.get(), block.data(), block.size());
      take(block);
    }

  private:
    std::uint64_t left_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  };

  std::uint64_t size_;
  bool digest_;
};

} // namespace

UploadLoop::UploadLoop(const Options& options, std::atomic<std::uint64_t>& next_file)
    : options_(options)
    , next_file_(next_file)
    , correspondence_(client_of(pool_, options, options.url)) {}

/// The answer brings it to its own thread.
void UploadLoop::start() {
  fetch(*correspondence_, source::a2_archive::probe(), [this](const std::string&) {
    under_way_ = std::max<std::size_t>(1, options_.connections / options_.loops);
    for (auto left = under_way_; left > 0; --left)
      next();
  });
}

void UploadLoop::next() {
  const auto number = next_file_++;
  if (number >= options_.uploads) {
    if (--under_way_ == 0) done_.set_value(taken_);
    return;
  }
  const mapping::correspondence::AttachmentQuery query{{"altinn2AttachmentId", std::to_string(number + 1)}};
  auto request = target::correspondence::attachment(query);
  request.stream = std::make_shared<Repeated>(options_.upload_size, options_.digest);
  fetch(*correspondence_, std::move(request), [this](const std::string&) {
    ++taken_;
    next();
  });
}

} // namespace straight
