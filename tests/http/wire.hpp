#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <string_view>
#include <utility>

/// A client that sends exactly the bytes it is told to.
class Wire {
public:
  explicit Wire(std::uint16_t port)
      : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }
  void send(std::string_view bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }
  /// Up to and with `mark`; what came where the connection ended before.
  std::string until(std::string_view mark) {
    boost::system::error_code error;
    const auto size = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), mark, error);
    auto text = buffer_.substr(0, error ? buffer_.size() : size);
    buffer_.erase(0, text.size());
    return text;
  }
  std::string to_end() {
    boost::system::error_code ignored;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_), ignored);
    return std::exchange(buffer_, {});
  }

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
};
