#pragma once

#include "dice.hpp"
#include "form_apps.hpp"
#include "history.hpp"
#include "record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// How a form came to be what it is.
struct FormFacts {
  std::int64_t reference = 0; ///< the archive reference
  bool archived = true;       ///< false: it was never completed
  bool fresh = false;         ///< newly archived: nobody has deleted it or opted out yet
  Poison poison = Poison::none;
};

/// What happened to one form of Altinn 1 or 2 between its creation and its last change: fills in process,
/// status, data values, elements and events as an import leaves them (storage.md 3.1). The record has its id,
/// main version, app, owner and times already.
class FormStory {
public:
  FormStory(Record& record, const OrganisationForms& organisation, const Population& population, Dice& dice)
      : record_(record)
      , organisation_(organisation)
      , population_(population)
      , dice_(dice) {}

  void tell(const FormFacts& facts);

private:
  enum class Step : std::uint8_t {
    create,
    fill_in,
    save,
    attach,
    sign,
    pay,
    send_in,
    forward,
    revoke,
    remind,
    submit,
    pages,
    owner_file,
    read,
    put_away,
    remove,
    bring_back,
    erase,
  };

  void plan(const FormFacts& facts);
  void plan_archive();
  void plan_fate();
  void run();
  void act(Step step);
  void sign();
  void pay();
  void pages();
  void finish(bool archived);
  void set_data_values(const FormFacts& facts);
  void spoil(Poison poison);

  bool altinn_2() const { return record_.main_version == 2; }
  Actor person();
  Actor nobody() const;
  std::string editor() const;
  Event& event(std::string_view type, Actor user);
  Element& element(std::string_view type, std::string_view filename, std::string_view content_type);
  /// A page that is made when somebody asks for it.
  void page(std::string_view type, std::string_view kind, std::string_view content_type,
            std::string_view filename);

  Record& record_;
  const OrganisationForms& organisation_;
  const Population& population_;
  Dice& dice_;
  Actor user_; ///< who fills it in
  std::vector<Step> steps_;
  Zone zone_ = Zone::utc;
  bool bare_ids_ = false;
  Ticks now_ = 0;
};

} // namespace altinn_sim::storage
