#include <dialogferry/engine/log.hpp>
#include <dialogferry/http/trace.hpp>

namespace dialogferry::engine {

void add_trail(LogLine& line, const Trail& trail) {
  line.field("row", trail.row);
  if (trail.day) line.field("day", to_string(*trail.day));
  line.field("record", trail.record);
  if (trail.trace != Uuid{}) line.id("trace", http::trace_text(trail.trace));
}

} // namespace dialogferry::engine
