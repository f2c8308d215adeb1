#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace bench {

/// A way to a server on this machine that lets through so many bytes a second and no more, as a network does:
/// all connections together, towards the server alone. What cannot be done throws std::runtime_error.
class NarrowLine {
public:
  /// `url` is "http://127.0.0.1:PORT".
  NarrowLine(const std::string& url, double bytes_per_second);
  ~NarrowLine();
  NarrowLine(const NarrowLine&) = delete;
  NarrowLine& operator=(const NarrowLine&) = delete;

  /// "http://127.0.0.1:PORT"
  const std::string& url() const { return url_; }

private:
  struct Traffic;
  std::shared_ptr<Traffic> traffic_;
  std::string url_;
};

} // namespace bench
