#pragma once

#include <dialogferry/codec/migration.hpp>
#include <dialogferry/engine/messages.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dialogferry::engine {

/// How one list of messages is made available, step by step and without any I/O: next() says what to do, the
/// answer goes into the function named for it. A list that all goes well costs one call.
///
/// Others may publish and mend the same messages at the same time. A dialog is purged only once its message
/// has not come to know it, and it has stood there unchanged, for some seconds; and only that one, by its
/// revision. A purge of any other would take away for good what a message says it has. A dialog that is not
/// there may be between a purge and its making: only when two looks in a row find none was it refused.
class PublishRound {
public:
  explicit PublishRound(std::vector<ledger::Handed> records);

  enum class Next : std::uint8_t {
    ask,    ///< M3 for asked()
    look,   ///< whether the dialog of current() is there
    purge,  ///< that dialog, with revision(), whose record does not know it
    reason, ///< why Dialogporten has no dialog of current()
    done,
  };
  Next next() const { return next_; }

  /// Whom to ask for.
  const std::vector<ledger::Handed>& asked() const { return asked_; }
  /// How many pauses there were before asking, with the one that is due now; 0: none is due.
  std::uint32_t pauses() const { return pauses_; }

  const ledger::Handed& current() const { return records_[current_]; }
  /// Of the dialog of current(), as it was looked at; nil: it is soft-deleted, and does not tell.
  const Uuid& revision() const { return *seen_[current_].revision; }

  /// What M3 answered; records it does not name count as not answered.
  void on_answer(std::span<const codec::Published> statuses);
  /// M3 was not answered at all, or refused as a whole.
  void on_no_answer(const Answered& answered);
  /// The dialog is there with this revision; nil where it is soft-deleted.
  void on_there(const Uuid& revision);
  void on_not_there();
  void on_purged();
  /// It was not there any more, or not as it was: somebody else is at it.
  void on_not_purged();
  /// Why the current one was refused: a rule of Dialogporten's that its record breaks; nothing where no rule
  /// is known that it breaks.
  void on_reason(const std::optional<Problem>& reason);
  /// Somebody could not be asked about the current one.
  void on_held(std::optional<Held> held, Problem problem);

  Published take() { return {std::move(results_)}; }

private:
  enum class State : std::uint8_t { waiting, empty, broken, settled };
  struct Seen {
    std::optional<Uuid> revision;
    std::uint32_t round = 0;  ///< in which it was seen for the first time
    std::uint32_t absent = 0; ///< looks in a row that found nothing
  };

  void settle(std::size_t at, PublishedRecord result);
  void next_round();
  void ask_again();
  void look_on(std::size_t from);
  void give_up();
  bool met_an_error(std::size_t at) const;
  bool is_left(std::size_t at) const;
  std::vector<ledger::Handed> those(bool (PublishRound::*of)(std::size_t) const) const;
  std::optional<std::size_t> index_of(const Uuid& id) const;

  std::vector<ledger::Handed> records_;
  std::vector<State> states_; ///< by the last answer
  std::vector<bool> purged_;  ///< whose dialog was there, and was purged
  std::vector<Seen> seen_;    ///< what was there, by record
  std::vector<PublishedRecord> results_;
  std::vector<std::string> words_;   ///< of the server, by record
  std::vector<bool> is_unexplained_; ///< no rule that its record breaks tells why it met an error
  std::vector<ledger::Handed> asked_;
  std::uint32_t rounds_ = 0;
  std::uint32_t pauses_ = 0;
  std::size_t current_ = 0;
  Next next_ = Next::ask;
};

} // namespace dialogferry::engine
