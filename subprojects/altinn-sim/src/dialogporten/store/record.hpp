#pragma once

#include "dialogporten/model/dialog.hpp"

#include <memory>

namespace altinn_sim::dialogporten {

/// Bits of Record::system_labels.
enum LabelBit : std::uint8_t { bin_bit = 1, archive_bit = 2, unopened_bit = 4, sent_bit = 8 };

/// A stored dialog: its text, and beside it what changes without the text or is searched for. Never changed
/// once stored; a change stores a new one in its place.
struct Record {
  Uuid id;
  Uuid revision;
  Uuid label_revision;        ///< of the service owner context
  Uuid system_label_revision; ///< of the end user context
  Time created_at;
  Time updated_at;
  Time content_updated_at;
  std::optional<Time> deleted_at;
  std::optional<Time> visible_from;

  std::shared_ptr<const std::string> text; ///< see stored_text()
  std::string party;
  std::vector<std::string> labels; ///< ordered
  std::string idempotent_key;
  std::shared_ptr<const std::string> service_resource; ///< shared by all dialogs of the resource
  std::shared_ptr<const std::string> org;

  Status status = Status::not_applicable;
  std::uint8_t system_labels = 0;
  bool api_only = false;
  bool frozen = false;
  bool has_unopened_content = false;
  bool is_content_seen = false;
  bool is_correspondence = false;
  bool created_silently = false;
  bool changed_silently = false;
  std::uint16_t activities = 0;
  std::uint16_t from_party = 0;
  std::uint16_t from_service_owner = 0;
  std::uint16_t attachments = 0;
  std::uint16_t gui_attachments = 0;
  std::uint16_t transmission_attachments = 0;
};

using Snapshot = std::shared_ptr<const Record>;

} // namespace altinn_sim::dialogporten
