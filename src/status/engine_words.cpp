#include "wording.hpp"

#include <dialogferry/ledger/partitions.hpp>

#include <algorithm>

namespace dialogferry::status {

namespace {

Text why_left(std::string_view why) {
  if (why == "gone") return Text::engine_gone;
  if (why == "lost") return Text::engine_lost;
  return why == "failed" ? Text::engine_failed : Text::engine_stopped;
}

/// The live rows that an engine carries, as a whole or its share of their records: duties, and pools of them,
/// are named by row and stage; what comes behind these is of streams.
std::string live_rows(const ledger::EngineEntry& engine, const StatusModel& model, const Locale& locale) {
  std::string names;
  const auto add = [&](const std::string& duty, std::uint64_t share) {
    const auto* row = model.row(duty.substr(0, duty.find('/')));
    if (row == nullptr || row->history || row->state == RowState::off) return;
    const auto name = std::string(row_name(locale.language(), row->id));
    const auto part = say(locale, Text::engine_share, name, locale.number(share));
    names += (names.empty() ? "" : ", ") + (share == ledger::partition_count ? name : part);
  };
  for (const auto& duty : engine.duties)
    add(duty, ledger::partition_count);
  for (const auto& share : engine.shares)
    if (std::count(share.pool.begin(), share.pool.end(), '/') == 1) add(share.pool, share.duties);
  return names;
}

bool differs(const ledger::EngineEntry& engine, const StatusModel& model) {
  return std::any_of(model.engines.begin(), model.engines.end(), [&](const auto& other) {
    return !other.left_at && other.configuration != engine.configuration;
  });
}

std::string engine_state(const ledger::EngineEntry& engine, const StatusModel& model, const Locale& locale) {
  if (engine.left_at) return say(locale, why_left(engine.left_why), locale.instant(*engine.left_at));
  return say(locale, differs(engine, model) ? Text::engine_differs : Text::engine_at_work);
}

std::string engine_carries(const ledger::EngineEntry& engine, const StatusModel& model,
                           const Locale& locale) {
  if (engine.left_at) return "–";
  std::string text;
  if (engine.shards > 0) text = say(locale, Text::engine_shards, locale.number(engine.shards));
  if (const auto live = live_rows(engine, model, locale); !live.empty())
    text += (text.empty() ? "" : "; ") + live;
  return text.empty() ? say(locale, Text::nothing) : text;
}

} // namespace

std::vector<std::string> engine_headers(const Locale& locale) {
  return {say(locale, Text::engine), say(locale, Text::engine_host),    say(locale, Text::engine_since),
          say(locale, Text::rate),   say(locale, Text::engine_carries), say(locale, Text::state)};
}

std::vector<std::string> engine_cells(const ledger::EngineEntry& engine, const StatusModel& model,
                                      const Locale& locale) {
  return {engine.name,
          engine.host,
          locale.instant(engine.started_at),
          engine.left_at ? "–" : say(locale, Text::per_second, locale.number(engine.rate)),
          engine_carries(engine, model, locale),
          engine_state(engine, model, locale)};
}

} // namespace dialogferry::status
