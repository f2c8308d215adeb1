#include "live/orders.hpp"

#include "json_reader.hpp"

#include <cmath>

namespace altinn_sim::live {

namespace json = boost::json;
using namespace storage;

namespace {

constexpr double a_day_of_ms = 86'400'000;

Ticks milliseconds(JsonReader& members, std::string_view name, double lowest) {
  return static_cast<Ticks>(
      std::llround(members.number(name, 0, lowest, a_day_of_ms, "milliseconds, up to a day") * millisecond));
}

/// Milliseconds, or [from, to].
Range milliseconds_or_range(JsonReader& members, std::string_view name) {
  constexpr std::string_view allowed = "milliseconds, or [from, to], up to a day";
  const auto* source = members.find(name);
  if (source == nullptr) return {};
  const auto ticks = [&](const json::value& value) {
    if (!value.is_number()) refuse(name, allowed);
    const auto number = value.to_number<double>();
    if (!(number >= 0 && number <= a_day_of_ms)) refuse(name, allowed);
    return static_cast<Ticks>(std::llround(number * millisecond));
  };
  if (!source->is_array()) return {ticks(*source), ticks(*source)};
  const auto& ends = source->get_array();
  if (ends.size() != 2) refuse(name, allowed);
  const Range out{ticks(ends[0]), ticks(ends[1])};
  if (out.high < out.low) refuse(name, allowed);
  return out;
}

/// Texts by key.
std::optional<DataValues> texts_in(JsonReader& members, std::string_view name) {
  constexpr std::string_view allowed = "an object of texts";
  const auto* source = members.find(name);
  if (source == nullptr) return {};
  if (!source->is_object()) refuse(name, allowed);
  DataValues out;
  for (const auto& [key, value] : source->get_object()) {
    if (!value.is_string()) refuse(name, allowed);
    out.emplace_back(key, value.get_string());
  }
  return out;
}

std::optional<Ticks> time_in(JsonReader& members, std::string_view name) {
  const auto written = members.text(name, "a date-time");
  if (!written) return {};
  const auto time = parse_time(*written);
  if (!time) refuse(name, "a date-time");
  return time;
}

/// Neither a message nor an event tells of these (observed.md OS-2).
bool is_silent(ChangeKind kind) {
  return kind == ChangeKind::texts || kind == ChangeKind::values || kind == ChangeKind::read;
}

double share(JsonReader& members, std::string_view name, double otherwise) {
  return members.number(name, otherwise, 0, 1, "a share from 0 to 1");
}

Guid read_instance(JsonReader& members) {
  constexpr std::string_view allowed = "an instance as \"party/guid\"";
  const auto written = members.text("instance", allowed).value_or("");
  const auto guid = parse_guid(std::string_view(written).substr(written.rfind('/') + 1));
  if (!guid) refuse("instance", allowed);
  return *guid;
}

bool is_elsewhere(const json::value& source) {
  const auto* members = source.if_object();
  const auto* kind = members ? members->if_contains("kind") : nullptr;
  if (kind == nullptr || !kind->is_string()) return false;
  const std::string_view name(kind->get_string().data(), kind->get_string().size());
  return name.starts_with("a3_") || name == "direct";
}

OneChange read_change(const json::value& source) {
  OneChange out;
  if (is_elsewhere(source)) {
    out.elsewhere = source;
    return out;
  }
  JsonReader members(source, "changes");
  constexpr std::string_view kinds =
      "one of create save submit receipt confirm substatus task delete undelete "
      "hard_delete vanish unrelated texts values read";
  const auto kind = change_named(members.text("kind", kinds).value_or(""));
  if (!kind) refuse("kind", kinds);
  auto& change = out.change;
  change.kind = *kind;
  change.organisation = members.text("organisation", "an organisation's code").value_or("");
  change.application = members.text("application", "\"org/app\"").value_or("");
  if (*kind != ChangeKind::create) change.instance = read_instance(members);
  change.last_changed = time_in(members, "last_changed");
  change.set_back_to = time_in(members, "set_back_to");
  change.texts = texts_in(members, "texts");
  change.values = texts_in(members, "values");
  if (members.find("unreadable") != nullptr) change.unreadable = members.flag("unreadable");
  change.task = members.text("task", "a task such as \"Task_2\"").value_or("");
  change.label = members.text("label", "a text").value_or("");
  change.description = members.text("description", "a text").value_or("");
  out.event = members.flag("event", !is_silent(*kind));
  out.event_after = milliseconds_or_range(members, "event_after_ms");
  out.copies = static_cast<std::int64_t>(members.number("copies", 1, 1, 100, "1 to 100"));
  out.delay = milliseconds(members, "delay_ms", 0);
  out.one_try = members.flag("one_try");
  constexpr std::string_view digits = "up to 60 digits, as a text";
  out.party = members.text("party", digits).value_or("");
  if (out.party.size() > 60 || out.party.find_first_not_of("0123456789") != std::string::npos)
    refuse("party", digits);
  out.receipt_after = milliseconds(members, "receipt_after_ms", -1);
  out.during_write_back = members.flag("during_write_back");
  if (out.during_write_back && *kind == ChangeKind::create)
    refuse("during_write_back", "a creation has nothing to write to");
  members.finish();
  return out;
}

void read_mix(const json::value* source, Load& load) {
  if (source == nullptr) return;
  JsonReader members(*source, "mix");
  const auto weight = [&](std::string_view name) {
    return members.number(name, 0, 0, 1e6, "a weight of 0 or more");
  };
  load.create = weight("create");
  load.change = weight("change");
  load.remove = weight("delete");
  members.finish();
  if (load.create + load.change + load.remove <= 0) refuse("mix", "one weight at least must be above 0");
}

std::vector<ChangeKind> kinds_in(const json::value* source) {
  constexpr std::string_view allowed = "a list of kinds of change, neither create nor vanish";
  std::vector<ChangeKind> out;
  if (source == nullptr) return out;
  if (!source->is_array()) refuse("kinds", allowed);
  for (const auto& each : source->get_array()) {
    const auto kind = each.is_string() ? change_named(each.get_string()) : std::nullopt;
    if (!kind || *kind == ChangeKind::create || *kind == ChangeKind::vanish) refuse("kinds", allowed);
    out.push_back(*kind);
  }
  return out;
}

Load read_load(JsonReader& members) {
  Load load;
  load.rate = members.number("rate", load.rate, 0.1, 20'000, "changes per second from 0.1 to 20000");
  load.seconds = members.number("seconds", load.seconds, 0.1, 86'400, "seconds, up to a day");
  load.seed = static_cast<std::uint64_t>(members.number("seed", 1, 0, 1e15, "a whole number"));
  if (const auto* list = members.find("organisations")) {
    constexpr std::string_view allowed = "a list of organisations' codes";
    if (!list->is_array()) refuse("organisations", allowed);
    for (const auto& each : list->get_array()) {
      if (!each.is_string()) refuse("organisations", allowed);
      load.organisations.emplace_back(each.get_string());
    }
  }
  read_mix(members.find("mix"), load);
  load.history = share(members, "history", load.history);
  load.without_event = share(members, "without_event", load.without_event);
  load.duplicates = share(members, "duplicates", load.duplicates);
  load.reorder = share(members, "reorder", load.reorder);
  load.one_try = share(members, "one_try", load.one_try);
  load.bursts = share(members, "bursts", load.bursts);
  load.text_changes = share(members, "text_changes", load.text_changes);
  load.event_after = milliseconds_or_range(members, "event_after_ms");
  load.kinds = kinds_in(members.find("kinds"));
  return load;
}

} // namespace

Orders read_orders(const json::value& source) {
  JsonReader members(source, "emit");
  Orders out;
  if (const auto url = members.text("deliver_to", "an address such as \"http://127.0.0.1:8080/events\"")) {
    out.deliver_to = loopback_endpoint(*url);
    if (!out.deliver_to) refuse("deliver_to", "http on this machine only, http://127.0.0.1:PORT/…");
  }
  if (const auto* changes = members.find("changes")) {
    if (!changes->is_array()) refuse("changes", "a list of changes");
    for (const auto& each : changes->get_array())
      out.changes.push_back(read_change(each));
  }
  out.stop = members.flag("stop");
  if (const auto scale = members.number("retry_scale", -1, 0, 10, "a factor from 0 to 10"); scale >= 0)
    out.retry_scale = scale;
  if (const auto wait = members.duration("receipt_wait", std::chrono::milliseconds(-1)); wait.count() >= 0)
    out.receipt_wait = wait.count() * millisecond;
  const bool loads = members.find("rate") != nullptr;
  auto load = read_load(members);
  if (loads) out.load = std::move(load);
  members.finish();
  return out;
}

} // namespace altinn_sim::live
