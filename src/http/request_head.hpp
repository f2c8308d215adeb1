#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/http/trace.hpp>

#include <string>
#include <string_view>

namespace dialogferry::http {

/// Whether nothing in the request could break out of its place in the head.
bool is_sendable(const Request& request);

/// Replaces `out` with the request line and the header. `prefix` is the base URL's path, `fixed` holds the
/// lines that are the same for every request of a client. `token` is sent as a bearer where it is not empty.
void write_head(std::string& out, const Request& request, std::string_view prefix, std::string_view fixed,
                std::string_view token, const Trace& trace = {});

} // namespace dialogferry::http
