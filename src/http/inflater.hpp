#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace dialogferry::http {

/// Unpacks a gzip body piece by piece.
class Inflater {
public:
  enum class State : unsigned char {
    more,      ///< wants more input
    done,      ///< the last member has ended
    broken,    ///< not gzip
    too_large, ///< the output would be over the limit; what is there stays below it
  };

  explicit Inflater(std::size_t limit);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends to `out` what `input` unpacks to.
  State feed(std::string_view input, std::string& out);
  State state() const { return state_; }

private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::size_t limit_;
  State state_ = State::more;
};

} // namespace dialogferry::http
