#include "archive/archive.hpp"

#include "archive/bytes.hpp"
#include "archive/flaws.hpp"
#include "archive/merge.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <stdexcept>

namespace altinn_sim::archive {

namespace {

constexpr std::int64_t files_of_a_message = 8;

} // namespace

Archive::Archive(const storage::World& world, const Shape& shape)
    : world_(world)
    , history_(world, shape)
    , next_id_(history_.end_id()) {}

bool Archive::empty() const {
  const std::shared_lock lock(mutex_);
  return history_.end_id() == Generator::first_id && held_.empty();
}

std::optional<Message> Archive::find_locked(std::int64_t id) const {
  const auto held = held_.find(id);
  if (held != held_.end()) return *held->second.message;
  return history_.holds(id) ? std::optional(history_.message(id)) : std::nullopt;
}

std::optional<Message> Archive::find(std::int64_t id) const {
  const std::shared_lock lock(mutex_);
  return find_locked(id);
}

std::optional<std::int64_t> Archive::some_of_history(std::uint64_t chance) const {
  const auto count = static_cast<std::uint64_t>(history_.end_id() - Generator::first_id);
  if (count == 0) return {};
  const auto id = Generator::first_id + static_cast<std::int64_t>(chance % count);
  return history_.holds(id) ? std::optional(id) : std::nullopt;
}

std::optional<Attachment> Archive::attachment(std::string_view id) const {
  std::int64_t number = 0;
  const auto* end = id.data() + id.size();
  const auto read = std::from_chars(id.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number < 0) return {};
  const auto message = find(number / files_of_a_message);
  const auto which = static_cast<std::size_t>(number % files_of_a_message);
  if (!message || which >= message->attachments.size() || message->attachments[which].id != id) return {};
  return message->attachments[which];
}

// -- lists ----------------------------------------------------------------------------------------

Archive::Page Archive::page(const Window& window, std::size_t most) const {
  Page out;
  const std::shared_lock lock(mutex_);
  const auto is_held = [this](std::int64_t id) { return held_.contains(id); };
  Merge merge(history_, window, window.order == Order::oldest_changed ? changed_ : come_, is_held);
  while (const auto id = merge.next()) {
    out.more = out.messages.size() == most;
    if (out.more) break;
    out.messages.push_back(*find_locked(*id));
  }
  return out;
}

void Archive::for_each(Day first, Day last,
                       const std::function<void(const Message&, bool live)>& visit) const {
  const std::shared_lock lock(mutex_);
  const auto& shape = history_.shape();
  const auto begin = history_.first_created_at(std::max(first, shape.first_day) * storage::whole_day);
  const auto end = history_.first_created_at((std::min(last, shape.last_day) + 1) * storage::whole_day);
  for (auto id = begin; id < end; ++id)
    if (!held_.contains(id) && history_.holds(id)) visit(history_.message(id), false);
  for (const auto& [id, held] : held_) {
    const auto day = storage::day_of(held.message->created);
    if (day >= first && day <= last) visit(*held.message, held.live);
  }
}

// -- changes ----------------------------------------------------------------------------------------

// Whoever has read up to a time never misses what comes later.
Ticks Archive::next_time(Ticks now, std::size_t steps) {
  const auto room = static_cast<Ticks>(steps) * storage::microsecond;
  last_time_ = std::max(storage::floor_to(now, storage::microsecond), last_time_ + room);
  return last_time_;
}

void Archive::hold(Message message, bool live) {
  const auto id = message.id;
  auto& held = held_[id];
  if (held.message) changed_.erase({held.message->changed, id});
  changed_.insert({message.changed, id});
  if (!history_.holds(id)) come_.insert({message.created, id});
  held.live = held.live || live;
  held.message = std::make_shared<const Message>(std::move(message));
}

/// Exactly one file, of that size.
void Archive::give_file(Message& message, std::int64_t size) const {
  message.attachments.resize(1);
  auto& file = message.attachments.front();
  file.id = std::to_string(message.id * files_of_a_message);
  file.created = message.created;
  file.sender = message.reader;
  file.file_name = "stor fil.zip";
  file.size = size;
  file.seed = storage::mix(history_.shape().seed, static_cast<std::uint64_t>(message.id));
  file.has_checksum = true;
  file.checksum = md5_of(FileBytes(file.seed, file.size));
}

std::vector<std::int64_t> Archive::create(std::size_t count, const NewMessage& wanted, Ticks now) {
  const std::unique_lock lock(mutex_);
  const auto time = next_time(now, 1);
  std::vector<std::int64_t> ids;
  for (std::size_t at = 0; at < count; ++at) {
    auto message = history_.fresh({next_id_++, wanted.created.value_or(time), wanted.published,
                                   wanted.attachments.value_or(history_.shape().attachments),
                                   wanted.unfit.value_or(wanted.flaw.empty() ? history_.shape().unfit : 0)});
    if (wanted.attachment_size) give_file(message, *wanted.attachment_size);
    if (!wanted.flaw.empty() && !spoil(message, wanted.flaw))
      throw std::invalid_argument("'flaw': there is no kind " + wanted.flaw);
    ids.push_back(message.id);
    hold(std::move(message), !wanted.created);
  }
  return ids;
}

bool Archive::happen(const std::vector<NewEvent>& events, Ticks now) {
  const std::unique_lock lock(mutex_);
  const auto time = next_time(now, events.size());
  auto happened = time - std::ssize(events) * storage::microsecond; // what is told in one go has its order
  for (const auto& each : events) {
    happened += storage::microsecond;
    auto message = find_locked(each.message);
    if (!message) return false;
    storage::Dice dice(storage::mix(history_.shape().seed, 0x11fe, each.message, ++draws_));
    const auto at = each.at.value_or(happened);
    const auto registered = each.registered.value_or(each.at ? time : at);
    add_happening(*message, each.what, {at - 1, at, registered}, world_, dice);
    message->changed = std::max(message->changed, time);
    hold(std::move(*message), true);
  }
  return true;
}

} // namespace altinn_sim::archive
