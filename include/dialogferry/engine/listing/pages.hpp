#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/source/listing.hpp>

namespace dialogferry::engine {

/// Where the pages of a row come from: a list of some source, and the gate that questions to it pass.
struct Pages {
  const source::Listing* listing = nullptr; ///< never null where pages are asked for
  gate_actor gate;

  Call call(const source::ListRequest& list, Priority priority) const {
    return {std::make_shared<const http::Request>(listing->request(list)), http::Operation::list, priority,
            Patience::page};
  }
  bool is_over_a_row(const Answered& answered) const {
    return *answered.answer && listing->is_over_a_row(**answered.answer);
  }
};

} // namespace dialogferry::engine
