#pragma once

#include <boost/json.hpp>

#include <string>

/// What the real Dialogporten gives back of what it was sent (observed.md OD-3, OD-8), written for the tests
/// alone and sharing nothing with what is tested.
namespace real_target {

/// The answer of GET to a dialog that was created with this body.
boost::json::value stored(const boost::json::value& body);

/// An address as it is given back.
std::string stored_url(const std::string& sent);

} // namespace real_target
