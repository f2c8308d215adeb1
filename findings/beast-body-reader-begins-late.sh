#!/usr/bin/env bash
# Boost.Beast 1.81 (Debian libboost1.81-dev): the init() of a body's reader, which is told the Content-Length, is not
# called when the head is complete but with the first bytes of the body. A client that sends its head alone and waits
# for leave (`Expect: 100-continue`) therefore waits for a refusal that a limit in init() never gives. Whoever limits
# bodies must ask the parser for content_length() once the head is done.
#
# Seen on 2026-11-29: with the head complete content_length() is 10 and init() was called 0 times; 1 time after one
# byte of the body.
set -euo pipefail

version=1.81.0-5+deb12u1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "libboost1.81-dev=$version" >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CODE'
#include <boost/asio/buffer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <iostream>
#include <string>

namespace http = boost::beast::http;

int begun = 0;

struct Counted {
  struct value_type {};
  struct reader {
    template <bool isRequest, class Fields>
    reader(http::header<isRequest, Fields>&, value_type&) {}
    void init(const boost::optional<std::uint64_t>&, boost::beast::error_code& error) {
      ++begun;
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      error = {};
      return boost::asio::buffer_size(buffers);
    }
    void finish(boost::beast::error_code& error) { error = {}; }
  };
};

int main() {
  http::request_parser<Counted> parser;
  parser.eager(true);
  boost::beast::error_code error;
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n";
  parser.put(boost::asio::buffer(head), error);
  std::cout << "head complete: " << parser.is_header_done() << ", content_length() " << *parser.content_length()
            << ", init() " << begun << '\n';
  parser.put(boost::asio::buffer(std::string("x")), error);
  std::cout << "a byte of the body: init() " << begun << '\n';
}
CODE
g++ -std=c++17 -isystem root/usr/include main.cpp -o main -lpthread

seen=$(./main)
printf 'Boost.Beast 1.81, %s\n%s\n' "$version" "$seen"
[ "$seen" = 'head complete: 1, content_length() 10, init() 0
a byte of the body: init() 1' ]
