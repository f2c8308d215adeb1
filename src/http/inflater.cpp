#include "inflater.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <zlib.h>

namespace dialogferry::http {

struct Inflater::Stream {
  z_stream z{};
};

Inflater::Inflater(std::size_t limit)
    : stream_(std::make_unique<Stream>())
    , limit_(limit) {
  constexpr int gzip_only = 16 + MAX_WBITS;
  if (inflateInit2(&stream_->z, gzip_only) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() {
  inflateEnd(&stream_->z);
}

Inflater::State Inflater::feed(std::string_view input, std::string& out) {
  std::array<char, 16 << 10> piece;
  auto& z = stream_->z;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data())); // zlib does not write to it
  z.avail_in = static_cast<uInt>(input.size());
  while (state_ == State::more || (state_ == State::done && z.avail_in > 0)) {
    if (state_ == State::done) { // a further gzip member
      inflateReset(&z);
      state_ = State::more;
    }
    z.next_out = reinterpret_cast<Bytef*>(piece.data());
    z.avail_out = piece.size();
    const int result = inflate(&z, Z_NO_FLUSH);
    const std::size_t made = piece.size() - z.avail_out;
    if (made > limit_ - std::min(limit_, out.size())) return state_ = State::too_large;
    out.append(piece.data(), made);
    if (result == Z_STREAM_END) {
      state_ = State::done;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return state_ = State::broken;
    } else if (z.avail_in == 0 && z.avail_out > 0) {
      break;
    }
  }
  return state_;
}

} // namespace dialogferry::http
