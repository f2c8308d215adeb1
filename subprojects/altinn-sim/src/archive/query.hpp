#pragma once

#include "archive/archive.hpp"
#include "exchange.hpp"

namespace altinn_sim::archive {

/// What `GET /messages` asks for.
struct Query {
  Window window;
  std::size_t size = 100;
};

/// Reads it; a sentence that says what is wrong, empty where nothing is.
std::string read_query(const Request& request, Query& out);

/// The address of the page behind `last`: path and query.
std::string next_page(const Request& request, const Query& query, const Message& last);

} // namespace altinn_sim::archive
