#include "config_checks.hpp"

#include "secret_file.hpp"
#include "values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace dialogferry::cli {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

bool readable_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && std::ifstream(path).good();
}

/// Whether an address and port is one that only this machine reaches.
bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("localhost") || address.starts_with("[::1]");
}

/// Whether a URL would carry a token over the network unencrypted.
bool in_clear(std::string_view url) {
  if (!url.starts_with("http://")) return false;
  return !is_loopback(url.substr(7));
}

/// The historic row that hands over to a live one, or nothing.
std::string_view historic_of(std::string_view live) {
  if (live == "a3-app-instances-live") return "a3-app-instances-historic";
  if (live == "a2-archived-forms-live") return "a2-archived-forms-historic";
  if (live == "a2-correspondence-live") return "a2-correspondence-historic";
  return {};
}

/// The live row that goes on where a historic one ends, or nothing.
std::string_view live_of(std::string_view historic) {
  for (const auto id : row_ids)
    if (historic_of(id) == historic) return id;
  return {};
}

std::string list_text(const std::vector<std::string>& names) {
  return names.empty() ? "all" : fmt::format("{}", fmt::join(names, ", "));
}

Origin origin_in(const LoadedConfig& loaded, std::string_view key) {
  const auto found = loaded.origins.find(key);
  return found != loaded.origins.end() ? found->second : Origin{Origin::Kind::file, loaded.file.string(), 0};
}

/// Events from other machines need a secret.
void advise_secret(const LoadedConfig& loaded, std::vector<ConfigProblem>& notes) {
  const auto& status = loaded.config.status;
  const auto is_on = [&](std::string_view row) { return loaded.config.rows.find(row)->second.enabled; };
  const bool takes_events = is_on("a3-app-instances-live") || is_on("a3-correspondence");
  if (!takes_events || !status.webhook_secret_file.empty() || is_loopback(status.listen)) return;
  notes.push_back({origin_in(loaded, "status.listen"), "status.webhook_secret_file",
                   fmt::format("is not set, and status.listen is {}: events from other machines are refused",
                               json_quoted(status.listen)),
                   "name a file that holds a long random text, and subscribe with ?code= and that text"});
}

/// A historic row and the live row behind it are hardly meant for different service owners.
void advise_same(const LoadedConfig& loaded, std::string_view live, std::string_view historic,
                 std::vector<ConfigProblem>& notes) {
  const auto& after = loaded.config.rows.find(live)->second;
  const auto& before = loaded.config.rows.find(historic)->second;
  const auto sorted = [](std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
  };
  if (!after.enabled || !before.enabled || sorted(after.organisations) == sorted(before.organisations))
    return;
  const auto key = fmt::format("rows.{}.organisations", live);
  notes.push_back({origin_in(loaded, key), key,
                   fmt::format("are {}, and those of rows.{} are {}: of the others, one of the two carries "
                               "nothing",
                               list_text(after.organisations), historic, list_text(before.organisations)),
                   "give both the same list, unless that is meant"});
}

class Checks {
public:
  Checks(LoadedConfig& loaded, Day today, std::vector<ConfigProblem>& problems)
      : loaded_(loaded)
      , config_(loaded.config)
      , today_(today)
      , problems_(problems) {
    std::error_code error;
    folder_ = fs::absolute(loaded.file, error).parent_path();
  }

  void run() {
    for (const auto& property : properties())
      for_each_slot(property,
                    [&](const std::string& key, const Slot& slot) { resolve(property, key, slot); });
    if (!is_set("environment"))
      add("environment", "is needed", "one of tt02, prod or local; it guards against mixing ledgers");
    check_apis();
    for (auto& [id, row] : config_.rows)
      check_row(id, row);
    check_auth();
    check_secret();
    for (std::size_t i = 0; i < config_.goals.size(); ++i)
      check_goal(fmt::format("goals.{}", i), config_.goals[i]);
  }

private:
  bool is_set(std::string_view key) const { return loaded_.origins.contains(key); }

  bool is_refused(const std::string& key) const {
    return std::any_of(problems_.begin(), problems_.end(),
                       [&](const ConfigProblem& problem) { return problem.key == key; });
  }

  /// Where `key` is set, or the table it would stand in, or the file.
  Origin origin_of(std::string_view key) const {
    for (auto part = key;; part = part.substr(0, part.rfind('.'))) {
      if (const auto found = loaded_.origins.find(part); found != loaded_.origins.end()) return found->second;
      if (part.find('.') == std::string_view::npos) break;
    }
    return {Origin::Kind::file, loaded_.file.string(), 0};
  }

  void add(const std::string& key, std::string message, std::string hint = {}) {
    const auto origin = origin_of(key);
    if (is_refused(key)) return; // is not judged again
    problems_.push_back({origin, key, std::move(message), std::move(hint)});
  }

  void for_each_slot(const Property& property, auto&& act) {
    const std::string key(property.key);
    const auto star = key.find('*');
    if (star == std::string::npos) return act(key, property.slot(config_, {}));
    const auto one = [&](const std::string& name) {
      act(key.substr(0, star) + name + key.substr(star + 1), property.slot(config_, name));
    };
    for (const auto& name : names_below(split_key(key.substr(0, star - 1))))
      one(name);
    if (key.starts_with("goals."))
      for (std::size_t i = 0; i < config_.goals.size(); ++i)
        one(std::to_string(i));
  }

  std::string absolute(const std::string& path) const { return (folder_ / path).lexically_normal().string(); }

  void resolve(const Property& property, const std::string& key, const Slot& slot) {
    const auto* held = std::get_if<std::string*>(&slot);
    if (!held || (*held)->empty()) return;
    auto& text = **held;
    switch (property.form) {
    case Form::file:
    case Form::optional_file:
      text = absolute(text);
      if (readable_file(text)) break;
      if (property.form == Form::optional_file && !is_set(key))
        text.clear();
      else
        add(key, fmt::format("is {}, a file that cannot be read", json_quoted(text)));
      break;
    case Form::ledger_url:
      if (text.starts_with("sqlite:") && text != "sqlite::memory:")
        text = "sqlite:" + absolute(text.substr(7));
      break;
    case Form::archive_url:
      if (text.starts_with("file:")) return resolve_archive(key, text);
      [[fallthrough]];
    case Form::url:
      while (text.ends_with('/'))
        text.pop_back();
      break;
    default: break;
    }
  }

  void resolve_archive(const std::string& key, std::string& text) {
    if (key != "apis.a2_archive.base_url")
      return add(key, fmt::format("is {}, but only a2_archive can be a folder", json_quoted(text)),
                 "give an http:// or https:// URL");
    text = "file:" + absolute(text.substr(5));
    std::error_code error;
    if (!fs::is_directory(text.substr(5), error))
      add(key, fmt::format("is {}, a folder that is not there", json_quoted(text)));
  }

  void check_apis() {
    for (const auto& [name, api] : config_.apis) {
      const auto key = fmt::format("apis.{}.base_url", name);
      if (api.base_url.empty()) {
        if (const auto row = row_that_needs(name); !row.empty())
          add(key, fmt::format("is needed by the row {}", row),
              fmt::format("set it below [apis.{}], or set rows.{}.enabled = false", name, row));
      } else if (config_.auth.mode != AuthMode::none && in_clear(api.base_url)) {
        add(key, fmt::format("is {}, which would carry the token unencrypted", json_quoted(api.base_url)),
            "use https, or auth.mode = \"none\"");
      }
    }
  }

  std::string_view row_that_needs(std::string_view api) const {
    for (const auto id : row_ids) {
      const auto needed = apis_of(id);
      if (config_.rows.find(id)->second.enabled &&
          std::find(needed.begin(), needed.end(), api) != needed.end())
        return id;
    }
    return {};
  }

  void check_row(const std::string& id, RowConfig& row) {
    if (!row.enabled) return;
    const auto key = [&](std::string_view name) { return fmt::format("rows.{}.{}", id, name); };
    if (id.ends_with("-historic"))
      check_days(id, row);
    else
      fill_days(id, row);
    if (row.from > row.cutover && !is_refused(key("cutover")))
      add(key("from"), fmt::format("is {}, but must not be after cutover, which is {}",
                                   dialogferry::to_string(row.from), dialogferry::to_string(row.cutover)));
    if (!row.organisations.empty() && id.find("correspondence") != std::string::npos)
      add(key("organisations"), "is set, but messages are listed of all service owners together",
          "leave the key out");
    if (id == "a2-correspondence-live" &&
        config_.apis.find("a2_archive")->second.base_url.starts_with("file:"))
      add(key("enabled"), "is on, but apis.a2_archive.base_url is a folder of exports, which has no changes",
          "leave the row out, or give the address of an archive");
    if (row.credit < row.page_size)
      add(key("credit"),
          fmt::format("is {}, but must be at least page_size, which is {}", row.credit, row.page_size),
          "a shard needs room for a whole page");
    if (row.backoff.first > row.backoff.last)
      add(key("backoff.first"),
          fmt::format("is {}, but must not be longer than backoff.last, which is {}",
                      duration_text(row.backoff.first), duration_text(row.backoff.last)));
    if (row.reconcile != 0s && row.reconcile < 1min)
      add(key("reconcile"), fmt::format("is {}, but must be \"0s\", which means never, or at least 1m",
                                        json_quoted(duration_text(row.reconcile))));
  }

  /// Which days history carries is nothing to guess, and a day is read when it is over (observed.md OR-1).
  void check_days(const std::string& id, RowConfig& history) {
    const auto from = fmt::format("rows.{}.from", id);
    const auto cutover = fmt::format("rows.{}.cutover", id);
    const auto live = live_of(id);
    if (!is_set(from))
      add(from, "is needed by every historic row", "the oldest day to reach, for example from = 2025-03-01");
    if (!is_set(cutover))
      add(cutover, "is needed by every historic row",
          "the newest day of history, for example cutover = 2025-11-14");
    else if (history.cutover >= today_ && !config_.rows.find(live)->second.enabled)
      add(cutover,
          fmt::format("is {}, a day that is not over, and {} is off: what happens after a day has been read "
                      "would be carried by neither",
                      dialogferry::to_string(history.cutover), live),
          fmt::format("set a day before {}, which is today in UTC, or add [rows.{}]",
                      dialogferry::to_string(today_), live));
    // What is missing has been said; that the one is after the other has not.
    if (!is_set(from)) history.from = history.cutover;
    if (!is_set(cutover)) history.cutover = history.from;
  }

  /// A live row begins where its history ends, so that nothing lies between them.
  void fill_days(const std::string& id, RowConfig& live) {
    const auto from = fmt::format("rows.{}.from", id);
    const auto cutover = fmt::format("rows.{}.cutover", id);
    const auto historic = historic_of(id);
    const bool ends = !historic.empty() && is_set(fmt::format("rows.{}.cutover", historic));
    const Day end = ends ? config_.rows.find(historic)->second.cutover : today_.previous();
    if (!is_set(cutover)) live.cutover = end;
    if (!is_set(from)) live.from = live.cutover;
    if (ends && config_.rows.find(historic)->second.enabled && live.cutover > end)
      add(cutover,
          fmt::format("is {}, but rows.{} ends with {}: the days between would be carried by neither",
                      dialogferry::to_string(live.cutover), historic, dialogferry::to_string(end)),
          "leave it out, and it is taken from the historic row");
  }

  void check_auth() {
    const auto needed = [&](std::string_view name, bool missing) {
      if (missing)
        add(fmt::format("auth.{}", name),
            fmt::format("is needed by auth.mode = {}",
                        config_.auth.mode == AuthMode::token_file ? "\"token_file\"" : "\"maskinporten\""));
    };
    const auto& maskinporten = config_.auth.maskinporten;
    if (config_.auth.mode == AuthMode::token_file) needed("token_file", config_.auth.token_file.empty());
    if (config_.auth.mode != AuthMode::maskinporten) return;
    needed("maskinporten.client_id", maskinporten.client_id.empty());
    needed("maskinporten.key_file", maskinporten.key_file.empty());
    needed("maskinporten.token_url", maskinporten.token_url.empty());
    needed("maskinporten.scopes", maskinporten.scopes.empty());
    if (!maskinporten.key_id.empty() && !maskinporten.certificate_file.empty())
      add("auth.maskinporten.key_id",
          "is set, and so is certificate_file, but Maskinporten takes one of them",
          "key_id for a key that is registered with the client, else certificate_file");
  }

  void check_secret() {
    const auto& status = config_.status;
    for (const auto& [file, key] : {std::pair(status.webhook_secret_file, webhook_secret_key),
                                    std::pair(status.control_token_file, control_token_key)})
      if (const auto secrets = read_secrets(file, key); !secrets)
        add(secrets.error().member, secrets.error().message, secrets.error().hint);
  }

  void check_goal(const std::string& key, GoalConfig& goal) {
    for (const std::string_view name : {"name.en", "rows", "from", "deadline"})
      if (!is_set(fmt::format("{}.{}", key, name)))
        add(fmt::format("{}.{}", key, name), "is needed by every goal");
    if (goal.name.nb.empty()) goal.name.nb = goal.name.en;
    if (is_set(key + ".rows") && goal.rows.empty())
      add(key + ".rows", "is empty, but must name the rows that are to get there");
  }

  LoadedConfig& loaded_;
  Config& config_;
  const Day today_;
  std::vector<ConfigProblem>& problems_;
  fs::path folder_;
};

} // namespace

std::vector<std::string_view> apis_of(std::string_view row) {
  if (row == "a2-correspondence-historic" || row == "a2-correspondence-live")
    return {"a2_archive", "correspondence", "dialogporten"};
  if (row == "a3-correspondence") return {"correspondence", "register", "dialogporten"};
  if (row == "dialog-services") return {"dialogporten"};
  return {"storage", "register", "dialogporten"};
}

std::vector<ConfigProblem> advice(const LoadedConfig& loaded) {
  std::vector<ConfigProblem> notes;
  advise_secret(loaded, notes);
  for (const auto id : row_ids)
    if (const auto historic = historic_of(id); !historic.empty()) advise_same(loaded, id, historic, notes);
  return notes;
}

void complete(LoadedConfig& loaded, Day today, std::vector<ConfigProblem>& problems) {
  Checks(loaded, today, problems).run();
}

} // namespace dialogferry::cli
