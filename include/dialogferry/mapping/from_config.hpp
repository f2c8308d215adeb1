#pragma once

#include <dialogferry/mapping/settings.hpp>
#include <dialogferry/model/config.hpp>

namespace dialogferry::mapping {

/// The settings that the table [mapping] of a configuration stands for.
inline Settings settings_of(const MappingConfig& config) {
  return {.platform_base_url = config.platform_base_url,
          .apps_host = config.apps_host,
          .adapter_base_url = config.adapter_base_url,
          .submission_transmissions = config.submission_transmissions,
          .receipt_wait = config.receipt_wait,
          .write_back = static_cast<WriteBack>(config.write_back)};
}

static_assert(static_cast<int>(WriteBack::live) == static_cast<int>(dialogferry::WriteBack::live));
static_assert(static_cast<int>(WriteBack::off) == static_cast<int>(dialogferry::WriteBack::off));

} // namespace dialogferry::mapping
