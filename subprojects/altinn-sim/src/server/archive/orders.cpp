#include "archive/orders.hpp"

#include "json_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace altinn_sim {

namespace json = boost::json;
using archive::Happening;
using archive::NewEvent;
using archive::NewMessage;
using archive::Ticks;

namespace {

constexpr double a_day_of_ms = 86'400'000;
constexpr double most_messages = 1'000'000;

struct Kind {
  std::string_view name;
  Happening what;
};

constexpr std::array kinds{Kind{"publish", Happening::publish},
                           Kind{"read", Happening::read},
                           Kind{"read_by_other", Happening::read_by_other},
                           Kind{"confirm", Happening::confirm},
                           Kind{"archive", Happening::archive},
                           Kind{"bin", Happening::bin},
                           Kind{"restore", Happening::restore},
                           Kind{"purge", Happening::purge},
                           Kind{"notify", Happening::notify},
                           Kind{"remind", Happening::remind},
                           Kind{"forward", Happening::forward_to_user},
                           Kind{"forward_to_email", Happening::forward_to_email},
                           Kind{"forward_to_mailbox", Happening::forward_to_mailbox},
                           Kind{"other", Happening::other}};

std::optional<Ticks> time_in(JsonReader& members, std::string_view name) {
  const auto written = members.text(name, "a date-time");
  if (!written) return {};
  const auto time = storage::parse_time(*written);
  if (!time) refuse(name, "a date-time");
  return storage::floor_to(*time, storage::microsecond);
}

Ticks milliseconds(JsonReader& members, std::string_view name, double lowest) {
  const auto number = members.number(name, 0, lowest, a_day_of_ms, "milliseconds, up to a day");
  return static_cast<Ticks>(std::llround(number * storage::millisecond));
}

std::optional<double> share_in(JsonReader& members, std::string_view name) {
  if (members.find(name) == nullptr) return {};
  return members.number(name, 0, 0, 1, "a share from 0 to 1");
}

NewMessage read_message(JsonReader& members) {
  NewMessage out;
  out.created = time_in(members, "created");
  out.attachments = share_in(members, "attachments");
  out.unfit = share_in(members, "unfit");
  out.flaw = members.text("flaw", "a kind of flaw, such as title-blank").value_or("");
  return out;
}

NewMessage read_attachment(const json::value& source) {
  JsonReader members(source, "attachment");
  NewMessage out;
  out.created = time_in(members, "created");
  out.attachments = out.unfit = 0;
  out.attachment_size =
      static_cast<std::int64_t>(members.number("size", 1'000, 0, 1e12, "a number of bytes"));
  members.finish();
  return out;
}

void read_event(const json::value& source, MessageOrders& out) {
  constexpr std::string_view allowed =
      "one of publish read read_by_other confirm archive bin restore purge notify remind forward "
      "forward_to_email forward_to_mailbox other";
  JsonReader members(source, "events");
  const auto name = members.text("kind", allowed).value_or("");
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& it) { return it.name == name; });
  if (kind == kinds.end()) refuse("kind", allowed);
  NewEvent event;
  event.what = kind->what;
  event.message = static_cast<std::int64_t>(members.number("message", 0, 1, 2'147'483'647, "a message's id"));
  event.at = time_in(members, "at");
  event.registered = time_in(members, "registered");
  const auto after = milliseconds(members, "after_ms", 0);
  members.finish();
  out.events[after].push_back(event);
}

void read_mix(const json::value* source, MessageLoad& load) {
  if (source == nullptr) return;
  JsonReader members(*source, "mix");
  const auto weight = [&](std::string_view name) {
    return members.number(name, 0, 0, 1e6, "a weight of 0 or more");
  };
  load.create = weight("create");
  double all = load.create;
  for (const auto& kind : kinds) {
    if (kind.what == Happening::publish) continue;
    const auto share = weight(kind.name);
    load.events[kind.what] = share;
    all += share;
  }
  members.finish();
  if (all <= 0) refuse("mix", "one weight at least must be above 0");
}

/// Milliseconds, or [from, to]; -1 where there is no end.
live::Range range_in(JsonReader& members, std::string_view name) {
  constexpr std::string_view allowed = "milliseconds, or [from, to], up to a day; -1: never";
  const auto* source = members.find(name);
  if (source == nullptr) return {};
  if (!source->is_array()) {
    const auto one = milliseconds(members, name, -1);
    return {one, one};
  }
  const auto& ends = source->get_array();
  const auto ticks = [&](const json::value& value) {
    const auto number = value.is_number() ? value.to_number<double>() : -1;
    if (!(number >= 0 && number <= a_day_of_ms)) refuse(name, allowed);
    return static_cast<Ticks>(std::llround(number * storage::millisecond));
  };
  if (ends.size() != 2) refuse(name, allowed);
  const live::Range out{ticks(ends[0]), ticks(ends[1])};
  if (out.high < out.low) refuse(name, allowed);
  return out;
}

MessageLoad read_load(JsonReader& members, const NewMessage& message) {
  MessageLoad load;
  load.rate = members.number("rate", load.rate, 0.1, 5'000, "a rate from 0.1 to 5000 a second");
  load.seconds = members.number("seconds", load.seconds, 0.1, 86'400, "seconds, up to a day");
  load.seed = static_cast<std::uint64_t>(members.number("seed", 1, 0, 1e15, "a whole number"));
  load.history = members.number("history", load.history, 0, 1, "a share from 0 to 1");
  load.bursts = members.number("bursts", load.bursts, 0, 1, "a share from 0 to 1");
  load.create = 6;
  read_mix(members.find("mix"), load);
  load.message = message;
  load.publish_after = range_in(members, "publish_after_ms");
  return load;
}

} // namespace

MessageOrders read_message_orders(const json::value& source) {
  JsonReader members(source, "archive");
  MessageOrders out;
  out.stop = members.flag("stop");
  out.create =
      static_cast<std::size_t>(members.number("create", 0, 0, most_messages, "a number up to 1000000"));
  out.message = read_message(members);
  if (const auto* attachment = members.find("attachment")) out.attachment = read_attachment(*attachment);
  if (const auto* events = members.find("events")) {
    if (!events->is_array()) refuse("events", "a list of events");
    for (const auto& each : events->get_array())
      read_event(each, out);
  }
  const bool loads = members.find("rate") != nullptr;
  auto load = read_load(members, out.message);
  out.publish_after = load.publish_after.low;
  if (loads) out.load = std::move(load);
  members.finish();
  return out;
}

} // namespace altinn_sim
