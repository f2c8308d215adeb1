#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional/optional.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace altinn_sim {

/// MD5 of what is read piece by piece.
class Md5 {
public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  void add(const void* bytes, std::size_t size);
  /// 32 lower-case hex digits; once.
  std::string finish();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The body of a request as Beast reads it: kept as a text, at most as long as Dialogporten takes them, or,
/// where it is a file, read and forgotten but for its length and MD5.
struct ReceivedBody {
  static constexpr std::uint64_t longest_text = 20'000'000; // observed.md OD-10

  struct value_type {
    std::string text;
    std::uint64_t size = 0; ///< of a file
    std::string md5;
    bool is_file = false;
    bool has_digest = true;      ///< of a file; where not, its MD5 stays empty
    std::unique_ptr<Md5> digest; ///< where it is a file that has one

    /// The file's MD5, empty for a text.
    const std::string& finish() {
      if (digest && md5.empty()) md5 = digest->finish();
      return md5;
    }
  };

  class reader {
  public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& header, value_type& body)
        : target_([&header] { return std::string_view(header.target().data(), header.target().size()); })
        , body_(body) {}

    void init(const boost::optional<std::uint64_t>& length, boost::system::error_code& error);

    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
      std::size_t size = 0;
      for (const auto part : boost::beast::buffers_range_ref(buffers)) {
        add(part.data(), part.size(), error);
        if (error) return size;
        size += part.size();
      }
      return size;
    }

    void finish(boost::system::error_code& error) { error = {}; }

  private:
    void add(const void* bytes, std::size_t size, boost::system::error_code& error);

    std::function<std::string_view()> target_;
    value_type& body_;
  };
};

} // namespace altinn_sim
