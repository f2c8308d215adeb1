#pragma once

#include <dialogferry/model/log_level.hpp>

#include <spdlog/common.h>

namespace dialogferry::engine {

/// A level as the logger names it. For the few files that speak to the logger itself.
inline spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
  case LogLevel::trace: return spdlog::level::trace;
  case LogLevel::debug: return spdlog::level::debug;
  case LogLevel::info: return spdlog::level::info;
  case LogLevel::warning: return spdlog::level::warn;
  case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

} // namespace dialogferry::engine
