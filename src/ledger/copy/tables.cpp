#include "store.hpp"

#include <fmt/format.h>

namespace dialogferry::ledger {

namespace {

/// `id i, row t, …`: names with `i` for a number, `t` for text, `b` for bytes.
CopiedTable table(std::string_view name, std::string_view columns) {
  CopiedTable table{name, {}, columns.starts_with("id ")};
  while (!columns.empty()) {
    const auto end = std::min(columns.find(", "), columns.size());
    const auto column = columns.substr(0, end);
    const char kind = column.back();
    table.columns.push_back({column.substr(0, column.size() - 2), kind == 'i'   ? sql::Kind::integer
                                                                  : kind == 't' ? sql::Kind::text
                                                                                : sql::Kind::bytes});
    columns.remove_prefix(std::min(end + 2, columns.size()));
  }
  return table;
}

std::vector<CopiedTable> all() {
  return {
      table("ledger", "only_one i, environment t, created_at i"),
      table("stage",
            "id i, row t, stage t, plan_from i, cutover i, organisations i, watermark i, exceptions i, "
            "created i, updated i, unchanged i, restored i, deleted i, purged i, excluded i, deferred i, "
            "failed i, restarts i, changed_at i, carried_at i"),
      table("organisation", "id i, code t"),
      table("planned", "stage i, organisation i"),
      table("shard",
            "stage i, day i, organisation i, part i, state i, retry_at i, window_from i, window_to i, "
            "checkpoint i, tie_ids b, created i, updated i, unchanged i, restored i, deleted i, purged i, "
            "excluded i, deferred i, failed i, read_high i, read_low i, acked_high i, acked_low i, "
            "restarts i, reason t, changed_at i"),
      table("day", "stage i, day i, started i, open i, complete i, parked i, read i, failed i"),
      table("exception",
            "id i, stage i, day i, organisation t, part i, record_id t, last_changed i, member t, "
            "message t, hint t, http_status i, attempts i, first_at i, last_at i, state i, "
            "closed_reason t, closed_by t, body_excerpt t"),
      table("feed", "stage i, name t, checkpoint i, tie_ids b, changed_at i, up_to_date_at i"),
      table("rate", "stage i, at i, read i"),
      table("change", "on_day i, stage i, at i, before i, after i, exceptions i"),
      table("note", "id i, at i, who t"),
      table("note_text", "note i, language t, text t"),
      table("goal", "id i, name_en t, name_nb t, from_day i, deadline i"),
      table("goal_row", "goal i, position i, row t"),
      table("inbox", "id i, row t, record_id t, received_at i, events i, version i, content i"),
      table("wake_up", "id i, row t, stage t, key t, due i, payload t, api t, why t, since i"),
      table("block", "id i, stage i, day i, organisation i, records b"),
      table("file", "source_id t, target_id b, day i, until i"),
      table("setting", "name t, value t, who t, at i"),
      table("journal", "id i, at i, kind i, row t, stage t, day i, who t, subject t, value t"),
      table("verification",
            "row t, day i, at i, how i, source i, target i, compared i, missing i, unexpected i, "
            "stale i, wrong i, repaired i"),
      table("difference",
            "row t, day i, position i, kind i, record_id t, dialog b, member t, source t, target t, "
            "repaired i"),
  };
}

} // namespace

const std::vector<CopiedTable>& copied_tables() {
  static const auto tables = all();
  return tables;
}

std::string names_of(const CopiedTable& table) {
  std::string names;
  for (const auto& column : table.columns)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", column.name);
  return names;
}

} // namespace dialogferry::ledger
