#include "orders.hpp"

#include <dialogferry/cli/settings.hpp>
#include <dialogferry/model/suggest.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace dialogferry::cli {

namespace {

using ledger::Setting;

bool is_row(std::string_view target) {
  return std::find(row_ids.begin(), row_ids.end(), target) != row_ids.end();
}

/// `rows.a3-app-instances-live.`, `apis.dialogporten.`
std::string table_of(std::string_view target) {
  return fmt::format("{}.{}.", is_row(target) ? "rows" : "apis", target);
}

/// The key that a verb sets of a target; a Problem where the target has none.
Result<std::string> key_of(const Order& order) {
  const bool row = is_row(order.target);
  const bool history = order.target.ends_with("-historic");
  const auto table = table_of(order.target);
  if (order.verb == "pause" || order.verb == "resume") return table + "paused";
  if (order.verb == "rate") {
    if (!row) return table + "rate";
    return fail(order.target, "has no rate of its own",
                "set that of an API, such as `ctl rate dialogporten 50`, or the row's concurrency");
  }
  if (order.verb == "concurrency") {
    if (!row) return table + "connections";
    if (history) return table + "shards_in_flight";
    return fail(order.target, "is live and has no days side by side", "set its credit");
  }
  if (!row) return fail(order.target, fmt::format("is an API and has no {}", order.verb), "give a row");
  if (order.verb == "credit") return table + "credit";
  if (history) return table + "priority";
  return fail(order.target, "is live, and goes before history in any case", "give a historic row");
}

const Setting* find(const std::vector<Setting>& settings, const std::string& name) {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const auto& each) { return each.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

/// What is to be taken back.
Result<std::vector<Setting>> reset(const Order& order, const engine::Configured& now, Instant at) {
  const bool of_target = order.target.find('.') == std::string::npos;
  if (!order.target.empty() && of_target)
    if (auto known = check_target(now.in_force, order.target); !known) return tl::unexpected(known.error());
  std::vector<Setting> back;
  for (const auto& setting : now.settings) {
    const bool meant = order.target.empty() || setting.name == order.target ||
                       (of_target && setting.name.starts_with(table_of(order.target)));
    if (meant) back.push_back({setting.name, {}, order.who, at});
  }
  if (of_target || !back.empty()) return back;
  const auto names = setting_names(now.in_force);
  if (std::find(names.begin(), names.end(), order.target) != names.end()) return back;
  const auto meant = nearest(order.target, names);
  return fail("target", fmt::format("\"{}\" may not be set at run time", order.target),
              meant ? fmt::format("did you mean {}?", *meant)
                    : "`dialogferry ctl show` lists what may be set");
}

} // namespace

Result<void> check_target(const Config& config, std::string_view target) {
  std::vector<std::string> names;
  for (const auto& key : setting_names(config)) {
    const auto first = key.find('.') + 1;
    names.push_back(key.substr(first, key.find('.', first) - first));
  }
  if (std::find(names.begin(), names.end(), target) != names.end()) return {};
  const auto meant = nearest(target, names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return fail("target", fmt::format("\"{}\" is no row or API of this engine", target),
              meant ? fmt::format("did you mean {}?", *meant)
                    : fmt::format("there are {}", fmt::join(names, ", ")));
}

Result<std::vector<Setting>> settings_of(const Order& order, const engine::Configured& now, Instant at) {
  if (order.verb == "reset") return reset(order, now, at);
  if (auto known = check_target(now.in_force, order.target); !known) return tl::unexpected(known.error());
  const auto key = key_of(order);
  if (!key) return tl::unexpected(key.error());
  Setting setting{*key, order.value, order.who, at};
  if (order.verb == "pause") setting.value = "true";
  if (order.verb == "resume") setting.value = "false";
  const auto changed = with_setting(now.in_force, *key, setting.value);
  if (!changed) return tl::unexpected(changed.error());
  if (setting_json(*changed, *key) == setting_json(now.in_force, *key)) return std::vector<Setting>{};
  // What the file says by itself needs no setting above it.
  const bool as_in_file = setting_json(*changed, *key) == setting_json(now.file, *key);
  if (as_in_file && find(now.settings, *key) != nullptr) setting.value.clear();
  return std::vector<Setting>{setting};
}

} // namespace dialogferry::cli
