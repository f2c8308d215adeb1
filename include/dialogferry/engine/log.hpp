#pragma once

#include <dialogferry/engine/trail.hpp>
#include <dialogferry/model/log_level.hpp>
#include <dialogferry/model/log_line.hpp>

#include <string_view>

namespace dialogferry::engine {

/// What the log tells of a record: `row`, `day`, `record` and `trace`, the id that its requests carry.
void add_trail(LogLine& line, const Trail& trail);

/// Whether lines of this level are kept at present.
bool is_logged(LogLevel level);

/// Hands a line to the program's logger.
void write_log(LogLevel level, const LogLine& line);

/// Logs a sentence on a record (null: on none). `add` puts further fields on the line; it is called only
/// where the level is on.
template <class Add>
void log(LogLevel level, std::string_view message, const TrailPtr& trail, Add add) {
  if (!is_logged(level)) return;
  LogLine line(message);
  if (trail) add_trail(line, *trail);
  add(line);
  write_log(level, line);
}

template <class Add>
void log_debug(std::string_view message, const TrailPtr& trail, Add add) {
  log(LogLevel::debug, message, trail, add);
}

template <class Add>
void log_info(std::string_view message, const TrailPtr& trail, Add add) {
  log(LogLevel::info, message, trail, add);
}

template <class Add>
void log_warning(std::string_view message, const TrailPtr& trail, Add add) {
  log(LogLevel::warning, message, trail, add);
}

} // namespace dialogferry::engine
