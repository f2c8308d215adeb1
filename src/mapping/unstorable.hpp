#pragma once

#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/model/problem.hpp>

#include <optional>

/// What Dialogporten would fail to store, at every try, without saying why (observed.md OD-5). It is found
/// here, so that it is refused once, with the member and the limit.
namespace dialogferry::mapping {

/// The first thing of a create that cannot be stored; its member is that of the body:
/// `dialog.attachments[1].id`.
std::optional<Problem> find_unstorable(codec::Arena& arena, const codec::DialogOrigin& origin,
                                       const codec::DialogBody& body);

/// The same for an update.
std::optional<Problem> find_unstorable(codec::Arena& arena, const codec::DialogKept& kept,
                                       const codec::DialogBody& body);

} // namespace dialogferry::mapping
