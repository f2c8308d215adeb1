#pragma once

#include "storage/audit.hpp"
#include "storage/scan.hpp"
#include "storage/truth.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace altinn_sim::storage {

/// A target that holds dialogs as they ought to be, to be spoilt by the test.
class Target : public StoredDialogs {
public:
  struct Dialog {
    Truth truth;
    std::vector<std::string> labels;
    bool silent = true;
  };

  explicit Target(const World& world, MainVersions versions = {}) {
    for (const auto& org : world.organisations()) {
      Window all;
      all.org = org;
      all.versions = versions;
      Scan scan(world, all);
      std::vector<Row> group;
      Record record;
      while (scan.next(group)) {
        for (const auto& row : group) {
          world.read(row, record);
          add(truth_of(world, record));
        }
      }
    }
  }

  void add(const Truth& truth) {
    if (truth.verdict == Verdict::carried) dialogs[truth.id] = {truth, {truth.label}};
  }

  bool find(Guid id, const Visit& visit) const override {
    const auto found = dialogs.find(id);
    if (found != dialogs.end()) visit(view(found->first, found->second));
    return found != dialogs.end();
  }

  void for_each(const Visit& visit) const override {
    for (const auto& [id, dialog] : dialogs)
      visit(view(id, dialog));
  }

  std::unordered_map<Guid, Dialog> dialogs;

private:
  static StoredDialog view(Guid id, const Dialog& dialog) {
    StoredDialog out;
    out.id = id;
    out.created_at = dialog.truth.created_at;
    out.updated_at = dialog.truth.updated_at;
    out.deleted = dialog.truth.deleted;
    out.silent = dialog.silent;
    out.party = dialog.truth.party;
    out.service_resource = dialog.truth.service_resource;
    out.labels = &dialog.labels;
    out.title = &dialog.truth.title;
    out.status = dialog.truth.status;
    out.system_label = dialog.truth.system_label;
    out.activities = dialog.truth.activities;
    out.transmissions = dialog.truth.transmissions;
    out.attachments = dialog.truth.attachments;
    out.transmission_attachments = dialog.truth.transmission_attachments;
    return out;
  }
};

} // namespace altinn_sim::storage
