#pragma once

#include <memory>
#include <string>

namespace bench {

/// One connection to a program that is measured, for its controls and figures.
class Door {
public:
  /// "http://127.0.0.1:PORT"
  explicit Door(const std::string& url);
  ~Door();

  /// The body there; throws where the answer is none of success.
  std::string get(const std::string& target) const;
  void post(const std::string& target, const std::string& body) const;

private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

} // namespace bench
