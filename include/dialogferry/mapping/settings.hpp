#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace dialogferry::mapping {

/// When `dialog.id` is written into the data values of an instance; archived forms always get it
/// (decisions.md).
enum class WriteBack : std::uint8_t { live, all, off };

/// The table [mapping] of the configuration. The defaults are those of the test environment, so that a dry
/// run needs no configuration.
struct Settings {
  std::string platform_base_url = "https://platform.tt02.altinn.no";
  std::string apps_host = "apps.tt02.altinn.no";
  /// Where the delete action and the receipts of submissions are served (M-76, M-90).
  std::string adapter_base_url = "https://platform.tt02.altinn.no/storage/dialogporten";
  bool submission_transmissions = true;            ///< M-86
  std::chrono::milliseconds receipt_wait{600'000}; ///< how long a live submission waits for its PDFs (D-3)
  WriteBack write_back = WriteBack::live;
};

} // namespace dialogferry::mapping
