#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/slots.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

/// Questions and answers in lists, where they come by the thousand a second: a message for each costs more
/// than what it brings about (bench/README.md, throughput).
namespace dialogferry::engine {

/// What an actor has for others. What comes together, while there are messages to be handled, goes out
/// together: the owner is told with SendOut, behind those that wait, and calls send_out() then.
template <class List>
class Outbox {
public:
  /// For `whom`, a handle; `owner` is the actor itself.
  template <class Owner, class Handle>
  void add(Owner& owner, const Handle& whom, typename List::Item item) {
    if (lists_.empty()) owner.send(&owner, SendOut{});
    list_for(whom).items.push_back(std::move(item));
  }

  template <class Owner>
  void send_out(Owner& owner) {
    for (auto& [whom, list] : std::exchange(lists_, {}))
      owner.send(whom, std::move(list));
  }

  void clear() { lists_.clear(); }

private:
  using Receiver = actor_of<takes<List>>;

  template <class Handle>
  List& list_for(const Handle& whom) {
    const auto is_it = [&](const auto& entry) { return entry.first->id() == whom->id(); };
    const auto found = std::find_if(lists_.begin(), lists_.end(), is_it);
    if (found != lists_.end()) return found->second;
    auto& list = lists_.emplace_back(caf::actor_cast<Receiver>(whom), List{}).second;
    list.items.reserve(usual_length);
    return list;
  }

  static constexpr std::size_t usual_length = 8; ///< where an engine is busy

  std::vector<std::pair<Receiver, List>> lists_; ///< few, one for each who is asked or answered
};

/// Whom an answer goes to: who asked for it alone, or who asked in a list, with the number it had there.
template <class Answer>
struct ReplyTo {
  caf::typed_response_promise<Answer> promise = {};
  caf::strong_actor_ptr asker = {}; ///< null: the promise
  std::uint64_t number = 0;

  template <class Owner, class List>
  void give(Owner& owner, Outbox<List>& outbox, Answer answer) {
    if (asker)
      outbox.add(owner, asker, {number, std::move(answer)});
    else
      promise.deliver(std::move(answer));
  }
};

/// What an actor asks others in lists, and for what: that comes back with the answer. Those who are asked are
/// monitored, since nobody else tells that they have ended.
template <class List, class What>
class Inquiries {
public:
  template <class Owner, class Handle, class Question>
  void ask(Owner& owner, const Handle& whom, Question question, What what) {
    const auto id = whom->id();
    if (std::find(monitored_.begin(), monitored_.end(), id) == monitored_.end()) {
      monitored_.push_back(id);
      owner.monitor(whom);
    }
    outbox_.add(owner, whom, {open_.put({id, std::move(what)}), std::move(question)});
  }

  template <class Owner>
  void send_out(Owner& owner) {
    outbox_.send_out(owner);
  }

  /// What was asked under this number, which is free again; nothing where it was lost.
  std::optional<What> take(std::uint64_t number) {
    auto open = open_.take(number);
    return open ? std::optional(std::move(open->what)) : std::nullopt;
  }

  /// What was asked of one that has ended.
  std::vector<What> take_lost(caf::actor_id whom) {
    std::vector<std::uint64_t> numbers;
    open_.for_each([&](std::uint64_t number, const Open& open) {
      if (open.whom == whom) numbers.push_back(number);
    });
    std::vector<What> lost;
    for (const auto number : numbers)
      lost.push_back(*take(number));
    std::erase(monitored_, whom);
    return lost;
  }

  void clear() { *this = {}; }

private:
  struct Open {
    caf::actor_id whom = 0;
    What what;
  };

  Outbox<List> outbox_;
  Slots<Open> open_;
  std::vector<caf::actor_id> monitored_;
};

} // namespace dialogferry::engine
