#pragma once

#include "catalogue.hpp"
#include "form_apps.hpp"
#include "generator.hpp"
#include "history.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// The history of archived forms of Altinn 1 and 2, as imports left them in Storage (storage.md 3): some
/// never completed, some with a half done import. Their archive references ascend with the days.
class FormGenerator : public History {
public:
  /// `instances` and `apps` outlive it. Throws std::invalid_argument saying which option cannot be.
  FormGenerator(const WorldOptions& options, const Generator& instances, FormApps& apps);

  Ticks created(Place place, Ticks last_changed) const override;
  std::int64_t row_id(Place place, Ticks created) const override;
  std::int64_t main_version(Place place) const override;
  void generate(Place place, Record& out) const override;

  /// 1 … `references()`, those of Altinn 1 and Altinn 2 in one row.
  std::int64_t reference(Place place) const;
  std::optional<Place> place_of_reference(std::string_view reference) const;
  std::int64_t references() const;

private:
  double unfinished_;
  double late_;
  const Population& population_;
  std::vector<const OrganisationForms*> organisations_;
};

} // namespace altinn_sim::storage
