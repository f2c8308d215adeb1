#include <dialogferry/http/message.hpp>

namespace dialogferry::http {

std::string_view name_of(Method method) {
  switch (method) {
  case Method::get: return "GET";
  case Method::head: return "HEAD";
  case Method::post: return "POST";
  case Method::put: return "PUT";
  case Method::patch: return "PATCH";
  case Method::remove: return "DELETE";
  case Method::options: return "OPTIONS";
  }
  return "GET";
}

std::string_view name_of(TransportFault fault) {
  switch (fault) {
  case TransportFault::resolve: return "resolve";
  case TransportFault::connect: return "connect";
  case TransportFault::tls: return "tls";
  case TransportFault::reset: return "reset";
  case TransportFault::timeout: return "timeout";
  case TransportFault::protocol: return "protocol";
  case TransportFault::too_large: return "too_large";
  case TransportFault::overload: return "overload";
  case TransportFault::refused: return "refused";
  case TransportFault::token: return "token";
  case TransportFault::cancelled: return "cancelled";
  case TransportFault::source: return "source";
  case TransportFault::sink: return "sink";
  }
  return "cancelled";
}

} // namespace dialogferry::http
