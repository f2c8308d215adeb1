#include <dialogferry/cli/properties.hpp>

#include <array>
#include <type_traits>

namespace dialogferry::cli {

namespace {

// -- where values are kept ------------------------------------------------------

template <class T>
Slot slot_of(T& value) {
  if constexpr (std::is_enum_v<T>)
    return Choice{reinterpret_cast<std::uint8_t*>(&value)};
  else
    return &value;
}

template <auto... Members>
Slot at(Config& config, std::string_view) {
  return slot_of((config.*....*Members));
}

template <auto... Members>
Slot api(Config& config, std::string_view name) {
  return slot_of((config.apis.find(name)->second.*....*Members));
}

/// Of a key that one API has alone: its name is in the key.
template <auto... Members>
Slot at_api(Config& config, std::string_view) {
  return api<Members...>(config, "correspondence");
}

template <auto... Members>
Slot row(Config& config, std::string_view name) {
  return slot_of((config.rows.find(name)->second.*....*Members));
}

template <auto... Members>
Slot goal(Config& config, std::string_view number) {
  return slot_of((config.goals[std::stoul(std::string(number))].*....*Members));
}

// -- what the enumerations of model/config.hpp are called -------------------------

constexpr std::array<std::string_view, 3> environments = {"tt02", "prod", "local"};
constexpr std::array<std::string_view, 3> auth_modes = {"none", "token_file", "maskinporten"};
constexpr std::array<std::string_view, 3> write_backs = {"live", "all", "off"};
constexpr std::array<std::string_view, 5> log_levels = {"trace", "debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats = {"text", "json"};
constexpr std::array<std::string_view, 3> row_priorities = {"first", "normal", "last"};

constexpr double second = 1000;
constexpr double minute = 60 * second;
constexpr double hour = 60 * minute;
constexpr double day = 24 * hour;

const auto table = std::to_array<Property>({
    {.key = "environment",
     .help = "what is served; shown on the page, and guards against mixing ledgers",
     .choices = environments,
     .example = R"("tt02")",
     .slot = at<&Config::environment>},

    {.key = "engine.threads",
     .help = "threads that run the actors and carry their requests; 0 means one per core",
     .max = 1024,
     .slot = at<&Config::engine, &EngineConfig::threads>},
    {.key = "engine.name",
     .help = "what this engine is called among several on one ledger; empty means the host and a number",
     .example = R"("ferry-1")",
     .slot = at<&Config::engine, &EngineConfig::name>},
    {.key = "engine.retry_for",
     .help = "how long what time may cure is tried before it is an exception",
     .min = second,
     .max = 30 * day,
     .slot = at<&Config::engine, &EngineConfig::retry_for>},
    {.key = "engine.drain_timeout",
     .help = "how long a stopping engine waits for what is in flight",
     .max = hour,
     .slot = at<&Config::engine, &EngineConfig::drain_timeout>},
    {.key = "engine.live_share",
     .help = "the part of an API's rate that live work may take before history when both wait",
     .max = 1,
     .slot = at<&Config::engine, &EngineConfig::live_share>},

    {.key = "ledger.url",
     .help = "where the ledger is kept",
     .form = Form::ledger_url,
     .slot = at<&Config::ledger, &LedgerConfig::url>},

    {.key = "apis.*.base_url",
     .help = "the paths of the API are appended as they are; the archive may also be \"file:FOLDER\" with "
             "exports",
     .form = Form::archive_url,
     .example = R"("https://platform.tt02.altinn.no")",
     .slot = api<&ApiConfig::base_url>},
    {.key = "apis.*.timeout",
     .help = "the time a read may take",
     .min = 1,
     .max = hour,
     .slot = api<&ApiConfig::timeout>},
    {.key = "apis.*.write_timeout",
     .help = "the time a write may take: a slow answer is awaited, and an unknown outcome looked up",
     .min = 1,
     .max = day,
     .slot = api<&ApiConfig::write_timeout>},
    {.key = "apis.*.connections",
     .help = "keep-alive connections",
     .min = 1,
     .max = 10000,
     .needs_restart = false,
     .slot = api<&ApiConfig::connections>},
    {.key = "apis.*.rate",
     .help = "requests per second at the most; 0 means no ceiling",
     .max = 1'000'000,
     .needs_restart = false,
     .slot = api<&ApiConfig::rate>},
    {.key = "apis.*.burst",
     .help = "requests that may be made at once after a pause",
     .min = 1,
     .max = 1'000'000,
     .needs_restart = false,
     .slot = api<&ApiConfig::burst>},
    {.key = "apis.*.adaptive",
     .help = "go slower on 429, on 503 and when answers take longer than usual, and faster again after",
     .slot = api<&ApiConfig::adaptive>},
    {.key = "apis.*.paused",
     .help = "whether the API is not asked for anything, and everybody waits",
     .needs_restart = false,
     .slot = api<&ApiConfig::paused>},
    {.key = "apis.*.ca_file",
     .help = "a further trust anchor, PEM",
     .form = Form::file,
     .example = R"("ca.pem")",
     .slot = api<&ApiConfig::ca_file>},
    {.key = "apis.*.subscription_key_file",
     .help = "holds what is sent as Ocp-Apim-Subscription-Key",
     .form = Form::file,
     .example = R"("subscription.key")",
     .slot = api<&ApiConfig::subscription_key_file>},
    {.key = "apis.correspondence.syncs",
     .help = "correspondence alone: status, forwarding and notification calls in flight",
     .min = 1,
     .max = 100,
     .slot = at_api<&ApiConfig::syncs>},

    {.key = "auth.mode",
     .help = "how requests are authorised",
     .choices = auth_modes,
     .slot = at<&Config::auth, &AuthConfig::mode>},
    {.key = "auth.token_file",
     .help = "holds the bearer token for mode token_file, read again when it changes",
     .form = Form::file,
     .example = R"("token.jwt")",
     .slot = at<&Config::auth, &AuthConfig::token_file>},
    {.key = "auth.maskinporten.client_id",
     .help = "the client registered in Maskinporten",
     .example = R"("7ea43b76-6b7d-49e8-af2b-4114ebb66c80")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::client_id>},
    {.key = "auth.maskinporten.key_file",
     .help = "the private key that signs the grant, PEM or JWK",
     .form = Form::file,
     .example = R"("maskinporten.pem")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::key_file>},
    {.key = "auth.maskinporten.key_id",
     .help = "the key's id in Maskinporten, sent as kid; left out, the one in a JWK",
     .example = R"("2025-03")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::key_id>},
    {.key = "auth.maskinporten.certificate_file",
     .help = "instead of key_id: the enterprise certificate of the key and those above it, PEM, sent as x5c",
     .form = Form::file,
     .example = R"("enterprise.pem")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::certificate_file>},
    {.key = "auth.maskinporten.consumer_org",
     .help = "the organisation that the client acts for, where that is another than its own",
     .form = Form::organisation_number,
     .example = R"("991825827")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::consumer_org>},
    {.key = "auth.maskinporten.token_url",
     .help = "where the grant is sent",
     .form = Form::url,
     .example = R"("https://test.maskinporten.no/token")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::token_url>},
    {.key = "auth.maskinporten.exchange_url",
     .help = "where the token is exchanged for one of Altinn's; empty sends it as it is",
     .form = Form::url,
     .example = R"("https://platform.tt02.altinn.no/authentication/api/v1/exchange/maskinporten")",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::exchange_url>},
    {.key = "auth.maskinporten.scopes",
     .help = "the scopes asked for",
     .form = Form::word,
     .example = R"(["altinn:serviceowner", "digdir:dialogporten.serviceprovider"])",
     .slot = at<&Config::auth, &AuthConfig::maskinporten, &MaskinportenConfig::scopes>},

    {.key = "rows.*.enabled",
     .help = "whether the row is carried; a row without a table is off",
     .slot = row<&RowConfig::enabled>},
    {.key = "rows.*.paused",
     .help = "whether what is in flight is finished and nothing begun; events are noted all the same",
     .needs_restart = false,
     .slot = row<&RowConfig::paused>},
    {.key = "rows.*.priority",
     .help = "historic rows: which of them goes first where several wait for one API",
     .choices = row_priorities,
     .needs_restart = false,
     .slot = row<&RowConfig::priority>},
    {.key = "rows.*.from",
     .help = "the oldest day to reach; needed by historic rows",
     .example = "2025-03-01",
     .slot = row<&RowConfig::from>},
    {.key = "rows.*.cutover",
     .help = "the newest day of history, needed by historic rows; a live row begins at its end, and takes it "
             "from its historic row, else it is yesterday",
     .example = "2025-11-14",
     .slot = row<&RowConfig::cutover>},
    {.key = "rows.*.organisations",
     .help = "service owner codes; [], the default, means all",
     .form = Form::organisation,
     .example = R"(["ttd", "skd"])",
     .slot = row<&RowConfig::organisations>},
    {.key = "rows.*.verify",
     .help =
         "historic rows: whether each day is compared with Dialogporten once it is carried, by itself and "
         "behind everything else",
     .needs_restart = false,
     .slot = row<&RowConfig::verify>},
    {.key = "rows.*.shards_in_flight",
     .help = "days of organisations carried side by side",
     .min = 1,
     .max = 10000,
     .needs_restart = false,
     .slot = row<&RowConfig::shards_in_flight>},
    {.key = "rows.*.page_size",
     .help = "records asked for at once",
     .min = 1,
     .max = 5000,
     .slot = row<&RowConfig::page_size>},
    {.key = "rows.*.credit",
     .help = "records in flight per shard, at least page_size",
     .min = 1,
     .max = 1'000'000,
     .needs_restart = false,
     .slot = row<&RowConfig::credit>},
    {.key = "rows.*.split_after",
     .help = "pages after which the rest of a day becomes shards of its own",
     .min = 1,
     .max = 1'000'000,
     .slot = row<&RowConfig::split_after>},
    {.key = "rows.*.max_restarts",
     .help = "restarts of a shard within restart_window before it is parked",
     .max = 1000,
     .slot = row<&RowConfig::max_restarts>},
    {.key = "rows.*.restart_window",
     .help = "the time over which restarts are counted",
     .min = second,
     .max = 7 * day,
     .slot = row<&RowConfig::restart_window>},
    {.key = "rows.*.backoff.first",
     .help = "the wait before the first restart, doubled for every further one",
     .min = 1,
     .max = day,
     .slot = row<&RowConfig::backoff, &BackoffConfig::first>},
    {.key = "rows.*.backoff.last",
     .help = "the longest wait before a restart",
     .min = 1,
     .max = day,
     .slot = row<&RowConfig::backoff, &BackoffConfig::last>},
    {.key = "rows.*.park_cooldown",
     .help = "the time after which a parked shard is tried again",
     .min = second,
     .max = 30 * day,
     .slot = row<&RowConfig::park_cooldown>},
    {.key = "rows.*.poll",
     .help = "live rows: how often the update stream is read",
     .min = 100,
     .max = day,
     .slot = row<&RowConfig::poll>},
    {.key = "rows.*.overlap",
     .help = "live rows: how much of the stream is read again, without doubling anything",
     .max = 7 * day,
     .slot = row<&RowConfig::overlap>},
    {.key = "rows.*.reconcile",
     .help = "live rows: the time between two passes over recent days, for what no stream can show; \"0s\" "
             "means never",
     .max = 30 * day,
     .slot = row<&RowConfig::reconcile>},
    {.key = "rows.*.interval",
     .help = "batch rows: the time between two batches",
     .min = second,
     .max = 7 * day,
     .slot = row<&RowConfig::interval>},

    {.key = "status.listen",
     .help = "where the status page is served; port 0 takes any that is free",
     .form = Form::listen,
     .slot = at<&Config::status, &StatusConfig::listen>},
    {.key = "status.webhook_secret_file",
     .help = "holds the secret of POST /events?code=SECRET: a line a secret, the first is new, the others "
             "are still good. Where it is set everybody is asked for one; else only loopback may post",
     .form = Form::file,
     .needs_restart = false,
     .example = R"("webhook.secret")",
     .slot = at<&Config::status, &StatusConfig::webhook_secret_file>},
    {.key = "status.control_token_file",
     .help = "holds the bearer token of POST /control/…, which `dialogferry ctl` sends: a line a token, the "
             "first is new, the others are still good. Without it only loopback is let in",
     .form = Form::file,
     .needs_restart = false,
     .example = R"("control.token")",
     .slot = at<&Config::status, &StatusConfig::control_token_file>},

    {.key = "goals.*.name.en",
     .help = "what the goal is called, in English",
     .form = Form::word,
     .example = R"("2025 data")",
     .slot = goal<&GoalConfig::name, &GoalConfig::Name::en>},
    {.key = "goals.*.name.nb",
     .help = "the same in Norwegian",
     .form = Form::word,
     .example = R"("2025-data")",
     .slot = goal<&GoalConfig::name, &GoalConfig::Name::nb>},
    {.key = "goals.*.rows",
     .help = "the rows that must get there",
     .form = Form::row,
     .example = R"(["a3-app-instances-historic"])",
     .slot = goal<&GoalConfig::rows>},
    {.key = "goals.*.from",
     .help = "the day to be migrated back to",
     .example = "2025-01-01",
     .slot = goal<&GoalConfig::from>},
    {.key = "goals.*.deadline",
     .help = "the day by which it is to be reached",
     .example = "2025-12-31",
     .slot = goal<&GoalConfig::deadline>},

    {.key = "mapping.platform_base_url",
     .help = "the platform that links in dialogs lead to",
     .form = Form::url,
     .slot = at<&Config::mapping, &MappingConfig::platform_base_url>},
    {.key = "mapping.apps_host",
     .help = "the host that apps live below",
     .form = Form::host,
     .slot = at<&Config::mapping, &MappingConfig::apps_host>},
    {.key = "mapping.adapter_base_url",
     .help = "the target of the delete button",
     .form = Form::url,
     .slot = at<&Config::mapping, &MappingConfig::adapter_base_url>},
    {.key = "mapping.submission_transmissions",
     .help = "whether each submission becomes a transmission",
     .slot = at<&Config::mapping, &MappingConfig::submission_transmissions>},
    {.key = "mapping.receipt_wait",
     .help = "live rows: how long a submission waits for its PDFs",
     .max = 7 * day,
     .slot = at<&Config::mapping, &MappingConfig::receipt_wait>},
    {.key = "mapping.write_back",
     .help = "which instances get dialog.id written into their data values; archived forms always do",
     .choices = write_backs,
     .slot = at<&Config::mapping, &MappingConfig::write_back>},
    {.key = "mapping.purge_confirm",
     .help = "the time between the two confirmations of a 404 before a purge",
     .max = day,
     .slot = at<&Config::mapping, &MappingConfig::purge_confirm>},
    {.key = "mapping.texts",
     .help = "wording of titles, summaries and buttons per language, over the built-in texts",
     .form = Form::optional_file,
     .slot = at<&Config::mapping, &MappingConfig::texts>},

    {.key = "log.level",
     .help = "what is logged",
     .choices = log_levels,
     .slot = at<&Config::log, &LogConfig::level>},
    {.key = "log.format",
     .help = "lines for people, or one JSON object a line",
     .choices = log_formats,
     .slot = at<&Config::log, &LogConfig::format>},
});

// -- paths ------------------------------------------------------------------------

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 4 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether `name` may stand for the `*` below `section`.
bool is_name_of(std::string_view section, std::string_view name) {
  if (section == "goals") return is_number(name);
  const auto has = [&](const auto& names) {
    for (const auto known : names)
      if (known == name) return true;
    return false;
  };
  return section == "apis" ? has(api_names) : has(row_ids);
}

/// Whether the first parts of `property`'s key are `path`.
bool begins_with(const Path& key, const Path& path) {
  if (path.size() > key.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (key[i] != path[i] && !(key[i] == "*" && is_name_of(path[0], path[i]))) return false;
  return true;
}

} // namespace

std::span<const Property> properties() {
  return table;
}

Path split_key(std::string_view key) {
  Path path;
  for (std::size_t from = 0;;) {
    const auto dot = key.find('.', from);
    path.emplace_back(key.substr(from, dot - from));
    if (dot == std::string_view::npos) return path;
    from = dot + 1;
  }
}

std::string join(const Path& path) {
  std::string key;
  for (const auto& part : path)
    key.append(key.empty() ? "" : ".").append(part);
  return key;
}

std::string_view name_in(const Property& property, const Path& path) {
  return property.key.find('*') == std::string_view::npos ? std::string_view{} : path.at(1);
}

const Property* find_property(const Path& path) {
  for (const auto& property : properties()) {
    const auto key = split_key(property.key);
    if (key.size() == path.size() && begins_with(key, path)) return &property;
  }
  return nullptr;
}

bool is_section(const Path& path) {
  for (const auto& property : properties()) {
    const auto key = split_key(property.key);
    if (key.size() > path.size() && begins_with(key, path)) return true;
  }
  return false;
}

std::vector<std::string> names_below(const Path& section) {
  std::vector<std::string> names;
  for (const auto& property : properties()) {
    const auto key = split_key(property.key);
    if (key.size() <= section.size() || !begins_with(key, section)) continue;
    const auto& name = key[section.size()];
    if (name == "*") {
      if (section[0] == "apis") return {api_names.begin(), api_names.end()};
      if (section[0] == "rows") return {row_ids.begin(), row_ids.end()};
      return {};
    }
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

} // namespace dialogferry::cli
