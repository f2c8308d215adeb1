#pragma once

#include <dialogferry/model/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::engine {

/// Looks for the microsecond of a row that the source itself cannot read: every page that holds it is a 500
/// (observed.md OS-4). The window of a page that failed is halved, about 36 requests for a day, without any
/// I/O: next() says what to ask, the answer goes into on_answer(). An outage is not mistaken for such a row:
/// the microsecond itself must be unreadable, and a row beside it readable, where there is one.
class Narrowing {
public:
  enum class Order : std::uint8_t { newest_first, oldest_first };
  enum class State : std::uint8_t {
    looking,
    found,   ///< at() is the microsecond
    nothing, ///< there is no such row, or everything is unreadable
  };
  /// A list without a token.
  struct Query {
    std::optional<Instant> from;   ///< inclusive; nothing: however old
    std::optional<Instant> before; ///< exclusive; nothing: however new
    bool ascending = false;
    unsigned size = 0; ///< rows to ask for; 0: as many as the page that failed

    bool operator==(const Query&) const = default;
  };
  struct Answer {
    bool readable = false;
    std::size_t rows = 0; ///< of a readable one
  };

  /// The first page of [from, before) could not be read.
  Narrowing(Order order, Instant from, Instant before);

  State state() const { return state_; }
  Instant at() const { return from_; }

  /// What to ask while looking.
  Query next() const;
  void on_answer(const Answer& answer);

private:
  enum class Step : std::uint8_t { halve, itself, older, newer };

  Instant middle() const;
  void go_on();

  Order order_;
  Instant from_; ///< the row is in [from_, before_)
  Instant before_;
  Step step_ = Step::halve;
  State state_ = State::looking;
  bool row_read_ = false; ///< of another time: the source is up
  bool is_alone_ = true;  ///< nothing else was listed, and nothing else unreadable
};

/// What stands for the record of an unreadable row, whose id nobody knows: `unreadable at
/// 2026-02-11T12:00:00.123456Z, ttd`.
std::string unreadable_id(Instant at, std::string_view organisation);

/// The time in such an id; nothing for any other id.
std::optional<Instant> unreadable_at(std::string_view record_id);

} // namespace dialogferry::engine
