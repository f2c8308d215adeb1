#pragma once

#include "loopback.hpp"

#include <boost/json.hpp>

#include <map>

namespace altinn_sim::test {

/// Carries messages from the archive through both hops, one request after the other: no more than is needed
/// to see what the simulator makes of it.
class PlainCarrier {
public:
  explicit PlainCarrier(Client& client)
      : client_(client) {}

  /// Everything that the list gives: attachments, M2 and, silently, M3.
  void history(const std::string& query);

  /// Attachments and M2; the status of M2. With `live` it is made available by itself.
  int migrate(const boost::json::object& message, bool live = false);
  /// M3 for what M2 has taken; the dialog's id, empty where there is none.
  std::string publish(std::int64_t message);
  /// Later events, all of the kind of each call: M4, M6, M5.
  void sync(const boost::json::object& message);

  boost::json::array list(const std::string& query);

private:
  std::string upload(const boost::json::object& message, const boost::json::object& file);
  void sync_kind(const boost::json::object& message, std::string_view from, std::string_view path,
                 std::string_view member);

  Client& client_;
  std::map<std::int64_t, std::string> ids_;
};

} // namespace altinn_sim::test
