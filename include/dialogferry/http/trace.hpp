#pragma once

#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <string>

namespace dialogferry::http {

/// What a request says of where it belongs: `traceparent` (W3C Trace Context, level 1).
struct Trace {
  Uuid id;                ///< of all requests for one record; zero: nothing is said
  std::uint64_t span = 0; ///< of this request; zero is none, and sent as 1
};

/// 32 digits, as in `traceparent`.
std::string trace_text(const Uuid& id);

/// Appends `traceparent: 00-…-…-01` and a line break; nothing where there is no id.
void append_traceparent(std::string& head, const Trace& trace);

} // namespace dialogferry::http
