#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/engine/messages.hpp>

namespace dialogferry::engine {

/// The attachments of a record, with what `decision` makes M1 be told of each.
CarryFiles files_of(const codec::Correspondence& record, const mapping::correspondence::Decision& decision);

} // namespace dialogferry::engine
