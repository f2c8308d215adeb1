#pragma once

#include "worker.hpp"

#include <dialogferry/http/message.hpp>
#include <dialogferry/http/token.hpp>
#include <dialogferry/http/trace.hpp>

#include <memory>

namespace dialogferry::http {

/// A request on its way through a client.
struct Pending {
  std::shared_ptr<const Request> request;
  Token token; ///< may be empty
  Handler handler;
  Clock::time_point deadline;        ///< until it is on its way
  std::chrono::milliseconds limit{}; ///< from then to the last byte of the answer
  Trace trace{};
  bool repeated = false; ///< it has been sent before on a connection that turned out to be closed
};

/// Whether the client itself may send it again when nothing of an answer was read.
inline bool may_repeat(const Pending& pending) {
  const auto method = pending.request->method;
  const bool asks = method == Method::get || method == Method::head || method == Method::options;
  return !pending.repeated && !pending.request->stream && (pending.request->repeatable || asks);
}

inline tl::unexpected<TransportError> fault(TransportFault kind, std::string text,
                                            bool may_have_arrived = false) {
  return tl::unexpected<TransportError>(TransportError{kind, std::move(text), may_have_arrived});
}

} // namespace dialogferry::http
