#pragma once

#include "catalogue.hpp"
#include "dice.hpp"
#include "generator.hpp"
#include "identity.hpp"
#include "record.hpp"

namespace altinn_sim::storage {

/// What happened to one instance between its creation and its last change: fills in process, status, files
/// and events.
class Story {
public:
  Story(Record& record, const Organisation::App& app, const Organisation& organisation,
        const Population& population, Dice& dice);

  void tell(Poison poison);

private:
  enum class Ending : std::uint8_t {
    fresh,
    prefilled,
    draft,
    payment,
    confirmation,
    signing,
    feedback,
    more_input,
    rejected,
    archived_unconfirmed,
    archived_confirmed,
  };
  enum class Step : std::uint8_t {
    create,
    create_by_owner,
    form,
    save,
    attach,
    confirm_step,
    sent_to_sign,
    sign,
    sent_to_payment,
    sent_to_fill,
    submit,
    owner_works,
    receipt,
    owner_file,
    second_form,
    confirm,
    read,
    put_away,
    remove,
    bring_back,
    erase,
  };
  enum class Fate : std::uint8_t { kept, brought_back, removed, erased };

  Ending choose_ending();
  Fate choose_fate();
  void plan(Ending ending);
  void plan_filling();
  void plan_fate(Fate fate);
  void run();
  void act(Step step);
  void finish(Ending ending, Fate fate);
  void finish_process(Ending ending);
  void decorate(Ending ending);
  void spoil(Poison poison);

  Actor person();
  Actor owner_user() const;
  Event& event(std::string_view type, Actor user);
  Element& element(std::string_view type, std::string_view filename, std::string_view content_type,
                   const std::string& by);
  void save_run();
  void attach();
  void drop_file();
  void shuffle_elements();
  void add_form(std::string_view type, std::string_view task);
  void add_receipt();
  std::string editor() const;
  Process process_at(std::string_view task) const;
  std::string_view task_type(std::string_view element_id) const;

  Record& record_;
  const Organisation::App& app_;
  const Organisation& organisation_;
  const Population& population_;
  Dice& dice_;
  Actor user_; ///< who fills it in
  std::vector<Step> steps_;
  Ticks now_ = 0;
  std::string task_ = "Task_1";
};

} // namespace altinn_sim::storage
