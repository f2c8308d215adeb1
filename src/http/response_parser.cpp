#include "response_parser.hpp"

#include "http_date.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace dialogferry::http {
namespace {

namespace beast = boost::beast::http;

/// A length announced is reserved at once only up to here; a longer body grows as it comes.
constexpr std::uint64_t trusted_length = 4 << 20;

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

} // namespace

ResponseParser::ResponseParser(Method method, Limits limits, BodyStore* bodies)
    : limit_(limits.body)
    , bodies_(bodies) {
  eager(true);
  skip(method == Method::head);
  header_limit(limits.header);
  body_limit(limits.body);
}

void ResponseParser::into(std::shared_ptr<BodySink> sink, BodySink::Back back) {
  sink_ = std::move(sink);
  back_ = std::move(back);
}

ResponseParser::Step ResponseParser::feed(std::string_view bytes, std::size_t& used) {
  sink_is_full_ = false;
  begun_ = begun_ || !bytes.empty();
  Error error;
  used = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  return judge(error);
}

ResponseParser::Step ResponseParser::finish() {
  Error error;
  put_eof(error);
  const auto step = judge(error);
  if (step != Step::more) return step;
  reason_ = "the connection ended before the answer did";
  return Step::broken;
}

ResponseParser::Step ResponseParser::judge(const Error& error) {
  if (!error) return is_done() ? Step::done : Step::more;
  if (error == beast::error::need_more) return Step::more;
  const bool large = error == beast::error::body_limit || error == beast::error::header_limit;
  if (reason_.empty()) {
    reason_ = error == beast::error::body_limit ? "a body over " + std::to_string(limit_) + " bytes"
                                                : "not an answer in HTTP: " + error.message();
  }
  return large ? Step::too_large : Step::broken;
}

Response ResponseParser::take(const std::function<Instant()>& now) {
  response_.status = status_;
  if (!retry_after_.empty()) {
    const auto date = parse_http_date(date_);
    response_.retry_after = parse_retry_after(retry_after_, date ? *date : now());
  }
  auto& body = response_.body;
  if (body.capacity() - body.size() < body_padding) body.reserve(body.size() + body_padding);
  return std::move(response_);
}

// -- what the base class reads -------------------------------------------------

void ResponseParser::on_response_impl(int code, View, int, Error&) {
  status_ = code;
  if (is_for_sink()) body_limit(boost::none);
}

void ResponseParser::on_field_impl(beast::field name, View, View value, Error& error) {
  const auto keep = [&](std::string& into) { into.assign(value.data(), value.size()); };
  switch (name) {
  case beast::field::content_type: return keep(response_.content_type);
  case beast::field::etag: return keep(response_.etag);
  case beast::field::location: return keep(response_.location);
  case beast::field::retry_after: return keep(retry_after_);
  case beast::field::date: return keep(date_);
  case beast::field::content_encoding: {
    const std::string_view encoding(value.data(), value.size());
    if (same_word(encoding, "identity")) return;
    packed_ = same_word(encoding, "gzip") || same_word(encoding, "x-gzip");
    if (packed_) return;
    reason_ = "a body packed in a way that was not asked for";
    error = beast::error::bad_value;
    return;
  }
  default: return;
  }
}

void ResponseParser::on_header_impl(Error& error) {
  if (!is_for_sink()) return;
  if (packed_) {
    reason_ = "a body packed in a way that was not asked for";
    error = beast::error::bad_value;
    return;
  }
  const auto length = content_length();
  sink_->begin(length ? std::optional<std::uint64_t>(*length) : std::nullopt, std::move(back_));
}

void ResponseParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) {
  if (is_for_sink()) return;
  if (packed_) inflater_.emplace(limit_);
  if (packed_ || !length) return;
  const auto size = std::min(*length, trusted_length) + body_padding;
  if (bodies_ != nullptr)
    response_.body = bodies_->take(size);
  else
    response_.body.reserve(size);
}

std::size_t ResponseParser::on_body_impl(View body, Error& error) {
  if (is_for_sink()) {
    sink_is_full_ = !sink_->write({body.data(), body.size()});
    return body.size();
  }
  if (!inflater_) {
    response_.body.append(body.data(), body.size());
    return body.size();
  }
  switch (inflater_->feed({body.data(), body.size()}, response_.body)) {
  case Inflater::State::too_large: error = beast::error::body_limit; break;
  case Inflater::State::broken:
    reason_ = "a body that is not valid gzip";
    error = beast::error::bad_value;
    break;
  default: break;
  }
  return body.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t, View body, Error& error) {
  return on_body_impl(body, error);
}

void ResponseParser::on_finish_impl(Error& error) {
  if (!inflater_ || inflater_->state() == Inflater::State::done) return;
  reason_ = "a gzip body that is cut short";
  error = beast::error::partial_message;
}

} // namespace dialogferry::http
