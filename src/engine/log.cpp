#include <dialogferry/engine/log.hpp>
#include <dialogferry/engine/log_level.hpp>
#include <dialogferry/http/trace.hpp>

#include <spdlog/spdlog.h>

namespace dialogferry::engine {

void add_trail(LogLine& line, const Trail& trail) {
  const auto& many = trail.of ? *trail.of : trail;
  line.field("row", many.row);
  if (many.day) line.field("day", to_string(*many.day));
  line.field("record", trail.record);
  if (trail.trace != Uuid{}) line.id("trace", http::trace_text(trail.trace));
}

bool is_logged(LogLevel level) {
  return spdlog::should_log(level_of(level));
}

void write_log(LogLevel level, const LogLine& line) {
  spdlog::default_logger_raw()->log(level_of(level),
                                    spdlog::string_view_t(line.text().data(), line.text().size()));
}

} // namespace dialogferry::engine
