#pragma once

#include "http_server.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace altinn_sim::sink {

/// The migration API of Correspondence that takes everything and keeps nothing: ids follow from what was
/// sent, those of dialogs as the real service derives them. Appends the whole answer and returns its status;
/// 0 where the path is none of its.
int answer_migration(const Incoming& request, std::string_view path, std::string& out, std::size_t& endpoint);

/// How many messages a request asks to be published; 0 where it is another one.
std::size_t published_by(const Incoming& request);

} // namespace altinn_sim::sink
