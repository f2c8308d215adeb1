#pragma once

#include "reader.hpp"

#include <dialogferry/codec/instance.hpp>

namespace dialogferry::codec {

/// Reads a map from text to text, in the order of the source.
bool read_map(Reader& reader, ondemand::value value, std::string_view member,
              std::span<const NamedText>& out);

/// The text of a value as it stands in the JSON; false where it is broken. Consumes objects and lists.
bool slice_of(ondemand::value value, std::string_view& out);

} // namespace dialogferry::codec
