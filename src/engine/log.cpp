#include <dialogferry/engine/log.hpp>
#include <dialogferry/http/trace.hpp>

namespace dialogferry::engine {

void add_trail(LogLine& line, const Trail& trail) {
  const auto& many = trail.of ? *trail.of : trail;
  line.field("row", many.row);
  if (many.day) line.field("day", to_string(*many.day));
  line.field("record", trail.record);
  if (trail.trace != Uuid{}) line.id("trace", http::trace_text(trail.trace));
}

} // namespace dialogferry::engine
