#pragma once

#include "process.hpp"
#include "scratch.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::system {

namespace json = boost::json;

/// What the simulator finds when it compares what it was given with what it served.
struct Audit {
  std::uint64_t expected = 0; ///< dialogs there must be
  std::uint64_t excluded = 0; ///< records that must not become one
  std::uint64_t failed = 0;   ///< records that cannot be carried
  std::uint64_t present = 0;
  std::uint64_t missing = 0;
  std::uint64_t doubled = 0;
  std::uint64_t stale = 0;
  std::uint64_t wrong = 0;

  std::uint64_t records() const { return expected + excluded + failed; }
  /// Nothing missing, doubled, stale or wrong.
  bool exact() const { return present == expected && missing + doubled + stale + wrong == 0; }
};

struct Answer {
  int status = 0;
  std::string body;
};

/// A simulated platform: altinn-sim on a free port of this machine.
class Platform {
public:
  /// `arguments` as on its command line, but the port. Throws where it does not come up.
  explicit Platform(std::vector<std::string> arguments);
  ~Platform();

  const std::string& base_url() const { return base_url_; }

  /// One request; throws where there is no answer.
  Answer request(std::string_view method, const std::string& target, const json::value& body = {});

  /// The JSON there; throws where it is not answered with 200.
  json::value get(const std::string& target);

  Audit audit(std::string_view of_row = "a3-app-instances-historic");
  /// The number of requests to one endpoint: "PUT /dialogporten/api/v1/serviceowner/dialogs/{dialogId}".
  std::uint64_t requests_to(std::string_view endpoint);
  /// The number of requests to an API: storage, events, register or dialogporten.
  std::uint64_t requests(std::string_view api);
  /// The most requests that an API got in any window of a second.
  std::uint64_t most_in_a_second(std::string_view api);
  /// Requests to all APIs but Register.
  std::uint64_t requests();
  void forget_requests();

  /// What is to go wrong from now on, as `POST /_sim/faults` reads it.
  void faults(std::string_view plan);
  void put_rule(const std::string& name, std::string_view rule);
  void remove_rule(const std::string& name);

private:
  struct Connection;
  void command(std::string_view method, const std::string& target, std::string_view body);

  Scratch folder_;
  Process process_;
  std::uint16_t port_ = 0;
  std::string base_url_;
  std::unique_ptr<Connection> connection_;
};

} // namespace dialogferry::system
