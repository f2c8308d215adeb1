#pragma once

#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace altinn_sim {

/// The row `a3-correspondence`: each published correspondence of Altinn 3 has its dialog once, with what
/// happened to it; one whose publishing failed has none. Nothing where none was sent.
std::optional<boost::json::object> audit_altinn3(const correspondence::Service& records,
                                                 const dialogporten::Service& dialogs);

} // namespace altinn_sim
