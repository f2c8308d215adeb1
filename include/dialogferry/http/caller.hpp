#pragma once

#include <dialogferry/http/server.hpp>

#include <string_view>

/// Who asks our server.
namespace dialogferry::http {

/// Takes as long for any guess of the same length; an empty secret is nobody's.
bool is_same_secret(std::string_view secret, std::string_view guess);

/// Whether it comes from a loopback address and has not come through a proxy (`Forwarded`, `X-Forwarded-…`,
/// `X-Real-IP`, `Via`).
bool is_from_this_machine(const ServerRequest& request);

/// Whether a page of some site made a browser send it: it says where it is from, or names the server by a
/// name that is not this machine's own (DNS rebinding).
bool may_be_of_a_foreign_page(const ServerRequest& request);

} // namespace dialogferry::http
