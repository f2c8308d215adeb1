#pragma once

#include <string>
#include <string_view>

namespace altinn_sim::dialogporten {

/// The member that a JSON text has reached where it breaks off: "content.title.value[0].value", empty for the
/// root. `text` is well-formed as far as it goes (observed.md OD-10, binding-forms).
std::string member_reached(std::string_view text);

} // namespace altinn_sim::dialogporten
