#pragma once

#include "archive/generator.hpp"
#include "archive/story.hpp"

#include <functional>
#include <memory>
#include <set>
#include <shared_mutex>
#include <unordered_map>

namespace altinn_sim::archive {

enum class Order : std::uint8_t { newest_created, oldest_created, oldest_changed };

/// A part of the archive in one order.
struct Window {
  Order order = Order::newest_created;
  Ticks from = std::numeric_limits<Ticks>::min();
  Ticks to = std::numeric_limits<Ticks>::max(); ///< not included
  std::optional<Entry> after;                   ///< the last one that was given already
};

/// A message that comes while the platform runs.
struct NewMessage {
  std::optional<Ticks> created; ///< as if it had always been there; absent: now
  bool published = true;
  std::optional<double> attachments, unfit;    ///< shares; absent: those of the history
  std::string flaw;                            ///< the kind of exception that it must become
  std::optional<std::int64_t> attachment_size; ///< it has exactly one file, of so many bytes
};

/// Something that happens to a message.
struct NewEvent {
  std::int64_t message = 0;
  Happening what = Happening::read;
  std::optional<Ticks> at;         ///< when it happened; absent: now
  std::optional<Ticks> registered; ///< when the archive learned of it, as it says; absent: now
};

/// The messages of Altinn 2: a generated history, and what has come and happened since. Safe to use from
/// several threads.
class Archive {
public:
  /// `world` outlives it. Throws std::invalid_argument saying which option cannot be.
  Archive(const storage::World& world, const Shape& shape);

  /// No message at all.
  bool empty() const;
  std::optional<Message> find(std::int64_t id) const;
  /// A generated message by chance; nothing where there is none.
  std::optional<std::int64_t> some_of_history(std::uint64_t chance) const;
  /// The attachment of that id.
  std::optional<Attachment> attachment(std::string_view id) const;
  /// Up to `most` messages of a window, and whether more follow.
  struct Page {
    std::vector<Message> messages;
    bool more = false;
  };
  Page page(const Window& window, std::size_t most) const;

  /// Calls `visit` with every message created from `first` up to `last` day, both included; `live`: it came,
  /// or something happened to it, while the platform ran.
  void for_each(Day first, Day last, const std::function<void(const Message&, bool live)>& visit) const;

  /// They come at one time; their ids. Throws std::invalid_argument for an unknown flaw.
  std::vector<std::int64_t> create(std::size_t count, const NewMessage& wanted, Ticks now);
  /// All that happen are learned of at one time, unless they say otherwise. False for an unknown message,
  /// where those before it have happened.
  bool happen(const std::vector<NewEvent>& events, Ticks now);

private:
  struct Held {
    std::shared_ptr<const Message> message;
    bool live = false;
  };

  class Merge;
  std::optional<Message> find_locked(std::int64_t id) const;
  void hold(Message message, bool live);
  void give_file(Message& message, std::int64_t size) const;
  Ticks next_time(Ticks now, std::size_t steps);

  const storage::World& world_;
  Generator history_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::int64_t, Held> held_; ///< what is not, or no longer, as the seed has it
  std::set<Entry> come_;                        ///< by creation: held ones that are not of the history
  std::set<Entry> changed_;                     ///< by change: all held ones
  std::int64_t next_id_;
  Ticks last_time_ = 0;
  std::uint64_t draws_ = 0;
};

} // namespace altinn_sim::archive
