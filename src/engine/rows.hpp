#pragma once

#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/correspondence.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

/// The rows that this version carries: a line each. A new source is a listing in source/, a carrier, and a
/// line here; days, streams, supervisors and the ledger need not know of it (CONTRIBUTING, "Another source").
namespace dialogferry::engine {

/// Who carries the records of a stage.
enum class CarrierKind : std::uint8_t {
  instance,     ///< Carrier: forms of Storage to Dialogporten
  migration,    ///< Migrator: messages of Altinn 2 to Correspondence, their first hop
  publication,  ///< Publisher: from there to Dialogporten, their second
  live_message, ///< MessageLane: both, and what comes after
  new_message,  ///< Ensurer: messages of Altinn 3, which mostly are there
  watch,        ///< Watch: nothing is carried
};

/// One way over the days of a row.
struct Stage {
  std::string_view name;        ///< as the ledger knows it
  const source::Listing* pages; ///< of a stage behind another: where single records are read
  CarrierKind carrier;
};

inline constexpr Stage app_instances[] = {{"carry", &source::storage::app_instances, CarrierKind::instance}};
inline constexpr Stage archived_forms[] = {
    {"carry", &source::storage::archived_forms, CarrierKind::instance}};

inline constexpr Stage old_messages[] = {
    {"migrate", &source::a2_archive::by_creation, CarrierKind::migration},
    {"publish", &source::a2_archive::by_creation, CarrierKind::publication}};
inline constexpr Stage new_messages[] = {
    {"carry", &source::a2_archive::by_change, CarrierKind::live_message}};

inline constexpr Stage altinn3_messages[] = {
    {"ensure", &source::correspondence::by_events, CarrierKind::new_message}};
inline constexpr Stage direct_writes[] = {{"watch", nullptr, CarrierKind::watch}};

/// In the place of service owners, where a source lists the records of all together.
inline constexpr std::string_view all_owners = "all";

struct RowKind {
  std::string_view id;
  std::span<const Stage> stages; ///< each goes over what the one before has completed
  bool is_migration;             ///< silent; archived forms always are (storage.md 4.2)
  std::string_view historic;     ///< of a live row: where it goes on from
  bool takes_events;             ///< at POST /events

  bool is_live() const {
    return !historic.empty() || takes_events || stages.front().carrier == CarrierKind::watch;
  }
  bool is_by_owner() const { return stages.front().carrier == CarrierKind::instance; }
};

inline constexpr std::array row_kinds = {
    RowKind{"a2-correspondence-historic", old_messages, true, "", false},
    RowKind{"a2-correspondence-live", new_messages, false, "a2-correspondence-historic", false},
    RowKind{"a3-correspondence", altinn3_messages, false, "", true},
    RowKind{"dialog-services", direct_writes, false, "", false},
    RowKind{"a3-app-instances-historic", app_instances, true, "", false},
    RowKind{"a3-app-instances-live", app_instances, false, "a3-app-instances-historic", true},
    RowKind{"a2-archived-forms-historic", archived_forms, true, "", false},
    RowKind{"a2-archived-forms-live", archived_forms, true, "a2-archived-forms-historic", false},
};

/// Nothing for a row that this version does not carry.
inline const RowKind* kind_of(std::string_view row) {
  const auto found =
      std::find_if(row_kinds.begin(), row_kinds.end(), [&](const RowKind& kind) { return kind.id == row; });
  return found == row_kinds.end() ? nullptr : &*found;
}

} // namespace dialogferry::engine
