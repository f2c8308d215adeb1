#pragma once

#include "build.hpp"

#include <vector>

namespace dialogferry::mapping {

/// What becomes of a dialog that is there (section 6): the body of the update, and the stored activities
/// whose time moves.
struct Merged {
  codec::DialogBody body;
  std::vector<FormSavedTime> form_saved_times;
};

Merged merge(const Material& material, const codec::DialogBody& built);

/// Whether an update with this body would leave the dialog as it is (D-5): both are compared as the target
/// keeps them (observed.md OD-3, OD-8).
bool is_unchanged(codec::Arena& arena, const codec::DialogBody& body, const codec::DialogBody& stored);

} // namespace dialogferry::mapping
