#pragma once

#include <dialogferry/model/result.hpp>

#include <functional>
#include <memory>
#include <string>

namespace dialogferry::http {

/// A bearer token, without the word Bearer. Never logged.
using Token = std::shared_ptr<const std::string>;

/// Where requests get their bearer token. All functions may be called from any thread.
class TokenSource {
public:
  using Receiver = std::function<void(Result<Token>)>;

  TokenSource() = default;
  virtual ~TokenSource() = default;
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;

  /// The token where a valid one is at hand, else nothing: for the many requests between two fetches.
  virtual Token at_hand() = 0;

  /// Calls `receiver` exactly once, with a token that is valid now: at once on the caller's thread where one
  /// is at hand, else on an I/O thread when the fetch under way has ended.
  virtual void token(Receiver receiver) = 0;

  /// The target answered 401 to `used`: it is fetched anew before one is given out again. An older token's
  /// 401 changes nothing.
  virtual void invalidate(const Token& used) = 0;
};

} // namespace dialogferry::http
