#pragma once

#include "worker.hpp"

#include <dialogferry/http/message.hpp>
#include <dialogferry/http/token.hpp>

#include <memory>

namespace dialogferry::http {

/// A request on its way through a client.
struct Pending {
  std::shared_ptr<const Request> request;
  Token token; ///< may be empty
  Handler handler;
  Clock::time_point deadline;
  bool repeated = false; ///< it has been sent before on a connection that turned out to be closed
};

/// Whether the client itself may send it again when nothing of an answer was read.
inline bool may_repeat(const Pending& pending) {
  const auto method = pending.request->method;
  return !pending.repeated &&
         (pending.request->repeatable || (method != Method::post && method != Method::patch));
}

inline tl::unexpected<TransportError> fault(TransportFault kind, std::string text) {
  return tl::unexpected<TransportError>(TransportError{kind, std::move(text)});
}

} // namespace dialogferry::http
