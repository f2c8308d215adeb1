#pragma once

#include <dialogferry/model/log_level.hpp>
#include <dialogferry/model/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry {

/// What the engine does, as plain values named as the keys of the configuration file. The defaults stand here
/// and nowhere else. What each key means, what it allows and which of them a running engine takes over are in
/// the table of properties (dialogferry/cli/properties.hpp). Paths and file URLs are absolute once loaded.

/// The sources, in the order of the status page.
inline constexpr std::array<std::string_view, 8> row_ids = {"dialog-services",
                                                            "a2-correspondence-historic",
                                                            "a2-correspondence-live",
                                                            "a3-correspondence",
                                                            "a3-app-instances-historic",
                                                            "a3-app-instances-live",
                                                            "a2-archived-forms-historic",
                                                            "a2-archived-forms-live"};

/// The APIs that rows read from and write to.
inline constexpr std::array<std::string_view, 6> api_names = {"storage", "dialogporten", "correspondence",
                                                              "events",  "register",     "a2_archive"};

enum class Environment : std::uint8_t { tt02, prod, local };
enum class AuthMode : std::uint8_t { none, token_file, maskinporten };
/// Which dialogs get their id written back into the instance's data values; archived forms always do.
enum class WriteBack : std::uint8_t { live, all, off };
enum class LogFormat : std::uint8_t { text, json };
/// Which history goes first where several rows wait for one API.
enum class RowPriority : std::uint8_t { first, normal, last };

std::string_view name_of(Environment environment);

struct EngineConfig {
  std::uint32_t threads = 0; ///< 0 = one per core
  std::string name = {};     ///< among several on one ledger; empty: the host and a number
  std::chrono::milliseconds retry_for = std::chrono::hours{24}; ///< then it is an exception
  std::chrono::milliseconds drain_timeout = std::chrono::seconds{30};
  double live_share = 0.7; ///< of an API's rate that live may take before history when both wait

  bool operator==(const EngineConfig&) const = default;
};

struct LedgerConfig {
  std::string url = "sqlite:ferry.db"; ///< "sqlite:" and an absolute path once loaded, or "postgresql://…"

  bool operator==(const LedgerConfig&) const = default;
};

struct ApiConfig {
  std::string
      base_url; ///< without a slash at its end; "file:" and an absolute path for an archive of exports
  std::chrono::milliseconds timeout = std::chrono::seconds{10};       ///< per read
  std::chrono::milliseconds write_timeout = std::chrono::minutes{15}; ///< per write, which is awaited
  std::uint32_t connections = 32;
  double rate = 500.0; ///< requests per second at the most; 0 = no ceiling
  std::uint32_t burst = 100;
  bool adaptive = true;
  bool paused = false; ///< not asked for anything; everybody waits
  std::string ca_file;
  std::string subscription_key_file;
  std::uint32_t syncs = 4; ///< correspondence alone: status, forwarding and notification calls in flight

  bool operator==(const ApiConfig&) const = default;
};

struct MaskinportenConfig {
  std::string client_id;
  std::string key_file;
  std::string key_id;           ///< `kid` of the key; empty: the one a JWK names
  std::string certificate_file; ///< enterprise certificate of the key, sent as `x5c` instead of a `kid`
  std::string consumer_org;     ///< organisation number of whom the client acts for; empty: nobody else
  std::string token_url;
  std::string exchange_url; ///< empty: the token is used as it is
  std::vector<std::string> scopes;

  bool operator==(const MaskinportenConfig&) const = default;
};

struct AuthConfig {
  AuthMode mode = AuthMode::none;
  std::string token_file;
  MaskinportenConfig maskinporten;

  bool operator==(const AuthConfig&) const = default;
};

struct BackoffConfig {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds last = std::chrono::minutes{5};

  bool operator==(const BackoffConfig&) const = default;
};

/// One row. Every row knows every key; historic rows go by days and shards, live rows by `poll`, `overlap`,
/// `reconcile` and `interval`. Historic rows must be given their days; loading fills those of the others.
struct RowConfig {
  bool enabled = true;
  bool paused = false; ///< what is in flight is finished, and nothing begun
  RowPriority priority = RowPriority::normal;
  Day from;                               ///< the oldest day to reach
  Day cutover;                            ///< the newest historic day; a live row begins at its end
  std::vector<std::string> organisations; ///< service owner codes; empty = all
  bool verify = false; ///< each day is compared with the target once it is carried, behind everything else
  std::uint32_t shards_in_flight = 8;
  std::uint32_t page_size = 100;
  std::uint32_t credit = 200;     ///< records in flight per shard
  std::uint32_t split_after = 50; ///< pages after which the rest of a day becomes shards of its own
  std::uint32_t max_restarts = 5;
  std::chrono::milliseconds restart_window = std::chrono::minutes{10};
  BackoffConfig backoff;
  std::chrono::milliseconds park_cooldown = std::chrono::hours{1};
  std::chrono::milliseconds poll = std::chrono::seconds{5};
  std::chrono::milliseconds overlap = std::chrono::minutes{2};
  std::chrono::milliseconds reconcile = std::chrono::hours{24}; ///< between two passes; 0 = never
  std::chrono::milliseconds interval = std::chrono::minutes{5};

  bool operator==(const RowConfig&) const = default;
};

struct StatusConfig {
  std::string listen = "127.0.0.1:8080"; ///< host:port; port 0 = any
  std::string webhook_secret_file;
  std::string control_token_file; ///< bearer tokens of POST /control/…, a line each; empty: loopback alone

  bool operator==(const StatusConfig&) const = default;
};

struct GoalConfig {
  struct Name {
    std::string en;
    std::string nb; ///< as en where only that is given

    bool operator==(const Name&) const = default;
  };

  Name name;
  std::vector<std::string> rows;
  Day from;     ///< the watermark that reaches the goal
  Day deadline; ///< the day by which it is to be reached

  bool operator==(const GoalConfig&) const = default;
};

struct MappingConfig {
  std::string platform_base_url = "https://platform.tt02.altinn.no";
  std::string apps_host = "apps.tt02.altinn.no";
  std::string adapter_base_url = "https://platform.tt02.altinn.no/storage/dialogporten";
  bool submission_transmissions = true;
  std::chrono::milliseconds receipt_wait = std::chrono::minutes{10};
  WriteBack write_back = WriteBack::live;
  std::chrono::milliseconds purge_confirm = std::chrono::seconds{60};
  std::string texts =
      "texts.toml"; ///< empty once loaded where the default file is not there: the built-in texts

  bool operator==(const MappingConfig&) const = default;
};

struct LogConfig {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;

  bool operator==(const LogConfig&) const = default;
};

/// Holds every API and every row, so that `config.apis.at("storage")` never fails; a row without a table is
/// off.
struct Config {
  Config();

  Environment environment = Environment::local;
  EngineConfig engine;
  LedgerConfig ledger;
  std::map<std::string, ApiConfig, std::less<>> apis;
  AuthConfig auth;
  std::map<std::string, RowConfig, std::less<>> rows;
  StatusConfig status;
  std::vector<GoalConfig> goals;
  MappingConfig mapping;
  LogConfig log;

  bool operator==(const Config&) const = default;
};

} // namespace dialogferry
