#pragma once

#include <dialogferry/engine/trail.hpp>
#include <dialogferry/model/log_line.hpp>

#include <spdlog/spdlog.h>

#include <string_view>

namespace dialogferry::engine {

/// What the log tells of a record: `row`, `day`, `record` and `trace`, the id that its requests carry.
void add_trail(LogLine& line, const Trail& trail);

/// Logs a sentence on a record (null: on none). `add` puts further fields on the line; it is called only
/// where the level is on.
template <class Add>
void log(spdlog::level::level_enum level, std::string_view message, const TrailPtr& trail, Add add) {
  if (!spdlog::should_log(level)) return;
  LogLine line(message);
  if (trail) add_trail(line, *trail);
  add(line);
  spdlog::default_logger_raw()->log(level, spdlog::string_view_t(line.text().data(), line.text().size()));
}

template <class Add>
void log_debug(std::string_view message, const TrailPtr& trail, Add add) {
  log(spdlog::level::debug, message, trail, add);
}

template <class Add>
void log_info(std::string_view message, const TrailPtr& trail, Add add) {
  log(spdlog::level::info, message, trail, add);
}

template <class Add>
void log_warning(std::string_view message, const TrailPtr& trail, Add add) {
  log(spdlog::level::warn, message, trail, add);
}

} // namespace dialogferry::engine
