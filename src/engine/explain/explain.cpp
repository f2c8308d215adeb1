#include "../rows.hpp"
#include "look.hpp"

#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/model/suggest.hpp>

#include <algorithm>
#include <limits>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_wake_ups = 10'000; ///< of a stage that are looked through

/// What the ledger keeps of a record; nothing where there is no ledger yet.
void note_ledger(const Config& config, const RowKind& kind, Explanation& told) {
  const auto ledger =
      ledger::open(config.ledger.url, name_of(config.environment), ledger::OpenMode::read_only, system_now());
  if (!ledger) return;
  ledger::ExceptionFilter filter;
  filter.row = told.row;
  filter.record_id = told.record_id;
  if (auto found = (*ledger)->exceptions(filter)) told.exceptions = std::move(*found);
  for (const auto& stage : kind.stages) {
    const auto wake_ups = (*ledger)->wake_ups(
        told.row, stage.name, Instant{std::numeric_limits<std::int64_t>::max()}, most_wake_ups);
    if (!wake_ups) continue;
    for (const auto& wake_up : *wake_ups)
      if (wake_up.key.ends_with("/" + told.record_id) || wake_up.key == told.record_id)
        told.waiting.push_back(wake_up);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 19 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> look(const Look& with, const RowKind& kind) {
  const auto& id = with.told.record_id;
  switch (kind.stages.front().carrier) {
  case CarrierKind::instance: {
    const auto slash = id.find('/');
    if (slash == std::string::npos || !is_number(id.substr(0, slash)) || !parse_uuid(id.substr(slash + 1)))
      return fail("id", "must be {party id}/{guid}",
                  "as in `dialogferry exceptions list`: 50001234/0dbc1da6-…");
    return look_at_instance(with);
  }
  case CarrierKind::new_message:
    if (!parse_uuid(id)) return fail("id", "must be the message's UUID", "as Correspondence names it");
    return look_at_new_message(with);
  case CarrierKind::watch: break;
  default:
    if (!is_number(id)) return fail("id", "must be the message's number in Altinn 2", "digits alone");
    return look_at_old_message(with);
  }
  return fail("row", "carries no records: " + with.told.row, "name a row whose records are carried");
}

} // namespace

Result<Explanation> explain(const Config& config, const mapping::Wording& wording, std::string_view row,
                            std::string_view id) {
  const auto* kind = kind_of(row);
  if (kind == nullptr) return fail("row", "is not known: " + std::string(row), {});
  auto reach = Reach::open(config);
  if (!reach) return tl::unexpected(reach.error());
  Explanation told;
  told.row = row;
  told.record_id = id;
  const Look with{config, wording, kind->is_migration, **reach, told};
  if (auto looked = look(with, *kind); !looked) return tl::unexpected(looked.error());
  note_ledger(config, *kind, told);
  return told;
}

} // namespace dialogferry::engine
