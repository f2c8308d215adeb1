#pragma once

#include "archive/message.hpp"
#include "storage/dice.hpp"
#include "storage/world.hpp"

namespace altinn_sim::archive {

/// What can happen to a message later.
enum class Happening : std::uint8_t {
  publish,
  read,
  read_by_other,
  confirm,
  archive,
  bin,
  restore,
  purge,
  notify,
  remind,
  forward_to_user,
  forward_to_email,
  forward_to_mailbox,
  other
};

/// Makes up a message whose id and times are there already: whom it went to, what it says, what became of it.
class Story {
public:
  Story(Message& message, const storage::World& world, storage::Dice& dice)
      : message_(message)
      , world_(world)
      , dice_(dice) {}

  void tell_content(bool with_files);
  /// It became visible then.
  void publish(Ticks at);
  /// What happened from its creation until it changed last.
  void tell_history();

private:
  void choose_recipient();
  void choose_sender();
  void write_texts();
  void write_dates();
  void write_extras();
  void add_files();
  std::vector<Happening> plan();
  void happen(Happening what, Ticks registered);

  Message& message_;
  const storage::World& world_;
  storage::Dice& dice_;
  Ticks latest_ = 0; ///< when the last thing happened so far
};

/// When something happened, and when the archive learned of it.
struct Moments {
  Ticks after = 0; ///< what happened before it
  Ticks at = 0;
  Ticks registered = 0;
};

/// Adds what happens to a message. What is not said is chosen by the dice.
void add_happening(Message& message, Happening what, const Moments& moments, const storage::World& world,
                   storage::Dice& dice);

} // namespace altinn_sim::archive
