#pragma once

#include "archive/life.hpp"

#include <boost/json/value.hpp>

namespace altinn_sim {

/// What `POST /_sim/archive` asks for.
struct MessageOrders {
  std::size_t create = 0;
  archive::NewMessage message;
  archive::Ticks publish_after = 0;                                ///< negative: never
  std::optional<archive::NewMessage> attachment;                   ///< one message with one large file
  std::map<archive::Ticks, std::vector<archive::NewEvent>> events; ///< by how long from now
  std::optional<MessageLoad> load;
  bool stop = false;
};

/// Reads them. Throws std::invalid_argument saying which member is wrong and what is allowed.
MessageOrders read_message_orders(const boost::json::value& source);

} // namespace altinn_sim
