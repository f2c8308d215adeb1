#include "plans.hpp"

#include "rows.hpp"

#include <dialogferry/engine/history/row_supervisor.hpp>
#include <dialogferry/source/storage.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace dialogferry::engine {

namespace {

constexpr std::chrono::seconds list_patience{60};
constexpr std::chrono::seconds look_up_patience{5}; ///< of those that are configured

} // namespace

std::vector<std::string> rows_of(const Config& config, const Task& task) {
  if (!task.rows.empty()) return task.rows;
  std::vector<std::string> rows;
  for (const auto& [id, row] : config.rows)
    if (row.enabled) rows.push_back(id);
  return rows;
}

std::vector<std::string_view> apis_of(const Config& config, const std::vector<std::string>& rows) {
  std::vector<std::string_view> apis{"dialogporten"};
  if (!config.apis.find("register")->second.base_url.empty()) apis.emplace_back("register");
  for (const auto& row : rows) {
    std::vector<std::string_view> needed;
    switch (kind_of(row)->stages.front().carrier) {
    case CarrierKind::instance: needed = {"storage", "register"}; break;
    case CarrierKind::new_message: needed = {"correspondence", "register"}; break;
    case CarrierKind::watch: break;
    default: needed = {"a2_archive", "correspondence"};
    }
    for (const auto api : needed)
      if (std::find(apis.begin(), apis.end(), api) == apis.end()) apis.push_back(api);
  }
  return apis;
}

std::string digest_of_rows(const Config& config) {
  std::string text;
  for (const auto& [id, row] : config.rows) {
    if (!row.enabled) continue;
    text += id + ' ' + to_string(row.from) + ' ' + to_string(row.cutover);
    for (const auto& organisation : row.organisations)
      text += ' ' + organisation;
    text += '\n';
  }
  std::uint64_t digest = 0xcbf29ce484222325; // FNV-1a: the same in every build
  for (const unsigned char byte : text)
    digest = (digest ^ byte) * 0x100000001b3;
  return fmt::format("{:016x}", digest);
}

Planner::Range range_of(const Config& config, const Task& task, const std::string& row) {
  if (task.days) return {task.days->from, task.days->to};
  const auto& days = config.rows.at(row);
  return {days.from, days.cutover};
}

std::optional<Day> not_over(const Config& config, const Task& task, const std::string& row) {
  const auto range = range_of(config, task, row);
  const auto first = newest_over(system_now(), config.rows.at(row).overlap).next();
  return first > range.cutover ? std::nullopt : std::optional(std::max(first, range.from));
}

Result<void> check_days(const Config& config, const Task& task, const std::string& row) {
  const auto today = day_of(system_now());
  if (task.days && task.days->to > today)
    return fail("--to", "lies in the future: " + to_string(task.days->to), "carry days that are over");
  const auto goes_on = [&](const RowKind& kind) {
    return kind.historic == row && config.rows.at(std::string(kind.id)).enabled;
  };
  if (task.days || kind_of(row)->is_live() || config.rows.at(row).cutover < today ||
      std::any_of(row_kinds.begin(), row_kinds.end(), goes_on))
    return {};
  return fail("rows." + row + ".cutover", "is not over, and no live row goes on from it",
              "set it to a day before today, or carry the live row as well");
}

/// Of a day that is not over, history has the rest later.
Instant begin_of_streams(const Config& config, const std::string& row, std::string_view historic) {
  const auto& live = config.rows.at(row);
  const auto& before = config.rows.at(std::string(historic));
  return std::min((before.enabled ? before.cutover : live.cutover).end(), system_now() - live.overlap);
}

std::optional<Instant> live_messages_from(const Config& config) {
  const std::string live = "a2-correspondence-live";
  if (!config.rows.at(live).enabled) return std::nullopt;
  return begin_of_streams(config, live, kind_of(live)->historic);
}

std::chrono::milliseconds longest_hope(const Config& config) {
  return std::min<std::chrono::milliseconds>(std::chrono::minutes{2}, config.engine.retry_for);
}

Result<std::vector<std::string>> AskedOwners::known(std::chrono::seconds patience) {
  if (known_) return *known_;
  caf::scoped_actor self(system_);
  Call call{std::make_shared<const http::Request>(source::storage::applications()), http::Operation::list,
            Priority::history, Patience::page};
  self->request(storage_, patience, std::move(call))
      .receive([&](const Answered& answered) { known_ = owners_of(answered); },
               [&](const caf::error&) {
                 known_ = tl::unexpected(Problem{"apis.storage", "does not answer", {}});
               });
  return *known_;
}

Result<std::vector<std::string>> AskedOwners::of(const std::string& row, std::vector<std::string> names,
                                                 OwnersSetup& later) {
  auto all = known(names.empty() ? list_patience : look_up_patience);
  if (names.empty() && !all) {
    all.error().hint = "organisations = [] asks Storage for the list; name them, or see that Storage is up";
    return all;
  }
  if (!all) later.named.emplace_back(row, names);
  if (all && !names.empty())
    if (auto problem = unknown_organisation(row, names, *all)) return tl::unexpected(std::move(*problem));
  if (names.empty()) names = std::move(*all);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

} // namespace dialogferry::engine
