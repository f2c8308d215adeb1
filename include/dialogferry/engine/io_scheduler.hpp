#pragma once

#include <dialogferry/engine/caf.hpp>
#include <dialogferry/http/io_pool.hpp>

namespace dialogferry::engine {

/// Settings of a system whose actors run on the threads that carry their requests: an answer is read, worked
/// on and followed by the next request without another thread being woken. It has one worker for each loop of
/// the pool, whose threads must be lent ones. The pool outlives the system; close it before the system ends,
/// so that no answer comes afterwards.
struct IoScheduledConfig : caf::actor_system_config {
  explicit IoScheduledConfig(http::IoPool& pool);

  http::IoPool& pool;
};

} // namespace dialogferry::engine
