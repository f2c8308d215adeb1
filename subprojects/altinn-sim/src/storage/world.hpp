#pragma once

#include "form_generator.hpp"
#include "generator.hpp"
#include "imports.hpp"
#include "late_events.hpp"
#include "newcomers.hpp"
#include "overlay.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// Everything the simulated platform holds: the generated history, records read from files, what changed
/// since, the apps they belong to and the people in them. Reading is safe from many threads; so are the
/// mutations.
class World {
public:
  /// Throws std::invalid_argument naming the option that cannot be.
  explicit World(const WorldOptions& options);

  /// Adds the stored rows of a folder (instances, events, dataelements, applications, texts) on their own
  /// days, and makes Register know their parties and users. Before any reading. Throws std::runtime_error
  /// naming the file.
  void add_fixtures(const std::filesystem::path& folder);

  const WorldOptions& options() const { return options_; }
  const Generator& generator() const { return generator_; }
  const FormGenerator& forms() const { return forms_; }
  /// The generated histories that have rows of these main versions.
  std::vector<const History*> histories(MainVersions versions) const;
  const History& history(Place place) const;
  Imports& imports() { return imports_; }
  const Imports& imports() const { return imports_; }
  LateEvents& late_events() { return late_events_; }
  Overlay& overlay() { return overlay_; }
  const Overlay& overlay() const { return overlay_; }

  /// By id "org/app"; null where Storage has none.
  const Application* application(std::string_view id) const;
  /// All, generated ones first.
  std::vector<const Application*> applications() const;
  /// Generated, or come since; null where there is none.
  const Organisation* organisation(std::string_view code) const;
  /// Lets an organisation come with its first apps; one that is there already stays as it is.
  const Organisation& add_organisation(std::string_view code);
  /// Index of a generated organisation.
  std::optional<std::int64_t> generated_organisation(std::string_view code) const;
  /// Every organisation that has records, generated ones first.
  std::vector<std::string> organisations() const;

  std::optional<Identity> party(std::int64_t party_id) const;
  std::optional<Identity> user(std::int64_t user_id) const;
  std::optional<Identity> by_number(std::string_view number) const;
  /// The name Register has for an actor URN with a person's or organisation's number; null where it knows
  /// none.
  std::optional<std::string> actor_name(std::string_view urn) const;

  /// The newest state of an instance; false where there is none.
  bool find(Guid id, Record& out) const;
  void read(const Row& row, Record& out) const;
  /// The dialog id that M-40 derives for a generated instance as the seed has it, without generating it.
  std::optional<Guid> derived_dialog_id(Guid instance) const;
  /// The row of a generated record, without reading it.
  Row row(Place place, Ticks last_changed) const;
  /// True where the generated row is of these versions and still as the seed has it.
  bool shows(Place place, MainVersions versions) const;

private:
  void know(Record& record);
  std::optional<Place> generated_place(Guid id) const;
  bool has_come(Place place) const;

  WorldOptions options_;
  Generator generator_;
  FormApps form_apps_;
  FormGenerator forms_;
  std::deque<Application> more_applications_;
  std::map<std::string, const Application*, std::less<>> by_id_;
  std::map<std::int64_t, Identity> strangers_; // parties of the fixtures
  std::map<std::int64_t, Identity> strange_users_;
  Overlay overlay_;
  Newcomers newcomers_;
  Imports imports_;
  LateEvents late_events_;
};

} // namespace altinn_sim::storage
