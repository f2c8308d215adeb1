#pragma once

#include "inflater.hpp"

#include <dialogferry/http/body_store.hpp>
#include <dialogferry/http/message.hpp>
#include <dialogferry/http/stream.hpp>
#include <dialogferry/model/time.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::http {

/// Reads one answer out of a stream of bytes; keeps of the header only what a Response has.
class ResponseParser final : private boost::beast::http::basic_parser<false> {
  using Base = boost::beast::http::basic_parser<false>;

public:
  struct Limits {
    std::size_t body = 0;
    std::uint32_t header = 32 << 10;
  };
  enum class Step : unsigned char { more, done, broken, too_large };

  /// A large body of known length goes into a buffer of `bodies`, which may be null; a packed one does not.
  ResponseParser(Method method, Limits limits, BodyStore* bodies);

  /// The body of a 2xx goes into this sink, however large it is.
  void into(std::shared_ptr<BodySink> sink, BodySink::Back back);

  /// Takes what it can from the front of `bytes`; `used` says how much.
  Step feed(std::string_view bytes, std::size_t& used);

  /// The stream has ended: the end of a body without a length, or an answer cut short (broken).
  Step finish();

  bool begun() const { return begun_; }
  /// The sink has no room: nothing is to be read before it asks for more.
  bool sink_is_full() const { return sink_is_full_; }
  bool informational() const { return status_ >= 100 && status_ < 200; }
  bool keep_alive() const { return Base::keep_alive(); }
  /// Why it is broken or too large.
  const std::string& reason() const { return reason_; }

  /// The answer, once done. `now` is asked for a Retry-After date where the answer has no Date.
  Response take(const std::function<Instant()>& now);

private:
  using Error = boost::beast::error_code;
  using View = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, View, View, int, Error&) override {}
  void on_response_impl(int code, View reason, int version, Error& error) override;
  void on_field_impl(boost::beast::http::field name, View text, View value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) override;
  std::size_t on_body_impl(View body, Error& error) override;
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t remain, View body, Error& error) override;
  void on_finish_impl(Error& error) override;

  Step judge(const Error& error);

  bool is_for_sink() const { return sink_ && status_ >= 200 && status_ < 300; }

  std::size_t limit_;
  BodyStore* bodies_;
  int status_ = 0;
  std::shared_ptr<BodySink> sink_;
  BodySink::Back back_;
  bool sink_is_full_ = false;
  bool begun_ = false;
  bool packed_ = false;
  std::optional<Inflater> inflater_;
  Response response_;
  std::string retry_after_;
  std::string date_;
  std::string reason_;
};

} // namespace dialogferry::http
