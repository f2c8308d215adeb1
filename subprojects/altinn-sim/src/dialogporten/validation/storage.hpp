#pragma once

#include "dialogporten/model/dialog.hpp"

#include <string_view>

namespace altinn_sim::dialogporten {

/// True where a body passes every check and then fails in storage, 500 at every try (observed.md OD-5):
/// texts longer than their column, U+0000 in any text, labels equal after trimming, an id of an attachment or
/// of its addresses twice. `body` is what the dialog was read from.
bool breaks_storage(const Dialog& dialog, std::string_view body);

/// The part that can be said of labels alone.
bool labels_break_storage(const std::vector<Tag>& labels);

} // namespace altinn_sim::dialogporten
