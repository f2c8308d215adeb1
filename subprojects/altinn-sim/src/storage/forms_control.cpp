#include "forms_control.hpp"

#include "answers.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace altinn_sim::storage {

namespace json = boost::json;

namespace {

constexpr std::int64_t most_at_once = 10'000;
constexpr double highest_rate = 1'000;
constexpr double longest_time = 3'600;
constexpr std::int64_t most_planned = 100'000;

[[noreturn]] void refuse(const std::string& what) {
  throw std::invalid_argument(what);
}

/// No such form.
struct Unknown {
  std::string id;
};

double number_in(const json::object& in, std::string_view name, double fallback, double lowest,
                 double highest) {
  const auto* value = in.if_contains(name);
  if (value == nullptr) return fallback;
  boost::system::error_code error;
  const auto number = value->to_number<double>(error);
  if (error || !(number >= lowest && number <= highest)) {
    refuse(std::string(name) + ": a number from " + std::to_string(static_cast<std::int64_t>(lowest)) +
           " to " + std::to_string(static_cast<std::int64_t>(highest)));
  }
  return number;
}

bool flag_in(const json::object& in, std::string_view name, bool fallback) {
  const auto* value = in.if_contains(name);
  if (value == nullptr) return fallback;
  if (!value->is_bool()) refuse(std::string(name) + ": true or false");
  return value->get_bool();
}

std::string text_in(const json::value& value, std::string_view name) {
  if (!value.is_string()) refuse(std::string(name) + ": a text");
  return std::string(value.get_string());
}

std::optional<Ticks> last_changed_in(const json::object& in) {
  const auto* value = in.if_contains("last_changed");
  if (value == nullptr) return {};
  const auto time = parse_time(text_in(*value, "last_changed"));
  if (!time) refuse("last_changed: a date-time such as 2025-06-18T08:54:53Z");
  return time;
}

bool is_code(const std::string& text) {
  return !text.empty() && text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  });
}

ImportOrder order_in(const json::object& in) {
  ImportOrder out;
  const auto* organisation = in.if_contains("organisation");
  out.organisation = organisation == nullptr ? "" : text_in(*organisation, "organisation");
  if (!is_code(out.organisation)) refuse("organisation: a code such as ttd");
  out.version = static_cast<std::int64_t>(number_in(in, "version", 2, 1, 2));
  out.archived = flag_in(in, "archived", true);
  out.last_changed = last_changed_in(in);
  out.complete = flag_in(in, "complete", true);
  if (in.contains("complete_after")) {
    const auto seconds = number_in(in, "complete_after", 0, 0, longest_time);
    out.complete = false;
    out.complete_after = static_cast<Ticks>(seconds * static_cast<double>(second));
  }
  return out;
}

Record find(const World& world, const std::string& id) {
  const auto guid = parse_guid(std::string_view(id).substr(id.find('/') + 1));
  Record record;
  if (!guid || !world.find(*guid, record) || !record.is_form()) throw Unknown{id};
  return record;
}

std::vector<std::string> complete(World& world, const json::array& ids) {
  std::vector<std::string> out;
  for (const auto& value : ids) {
    const auto id = text_in(value, "complete");
    if (!world.imports().complete(find(world, id).guid)) throw Unknown{id};
    out.push_back(id);
  }
  return out;
}

std::int64_t plan(World& world, const json::object& in, Ticks now) {
  const auto rate = number_in(in, "rate", 1, 0.01, highest_rate);
  const auto seconds = number_in(in, "seconds", 1, 0, longest_time);
  const auto count = static_cast<std::int64_t>(std::ceil(rate * seconds));
  if (count > most_planned) refuse("rate and seconds: at most 100000 forms");
  const auto step = static_cast<Ticks>(static_cast<double>(second) / rate);
  world.imports().plan(order_in(in), count, step, now);
  return count;
}

Response answer(const std::vector<std::string>& ids, std::optional<std::int64_t> planned) {
  std::string body;
  {
    JsonMembers members(body);
    {
      JsonElements list(members.value("forms"));
      for (const auto& id : ids)
        append_quoted(list.next(), id);
    }
    if (planned) members.number("planned", *planned);
  }
  return json_answer(std::move(body));
}

Response act(World& world, const json::object& in, Ticks now) {
  if (const auto* ids = in.if_contains("complete"); ids != nullptr && ids->is_array())
    return answer(complete(world, ids->get_array()), {});
  if (const auto* id = in.if_contains("reimport")) {
    const auto old = find(world, text_in(*id, "reimport"));
    return answer({world.imports().reimport(old, last_changed_in(in).value_or(now))}, {});
  }
  if (in.contains("rate")) return answer({}, plan(world, in, now));
  const auto count = number_in(in, "count", 1, 0, static_cast<double>(most_at_once));
  return answer(world.imports().import(order_in(in), static_cast<std::int64_t>(count), now), {});
}

} // namespace

Response control_forms(World& world, const Request& request) {
  world.imports().catch_up(request.now);
  boost::system::error_code error;
  const auto body = json::parse({request.body.data(), request.body.size()}, error);
  if (error || !body.is_object()) return text_answer(400, "The body is no JSON object.");
  try {
    return act(world, body.get_object(), request.now);
  } catch (const std::invalid_argument& problem) {
    return text_answer(400, problem.what());
  } catch (const Unknown& unknown) {
    return text_answer(404, "There is no such form, or nothing to complete: " + unknown.id);
  }
}

} // namespace altinn_sim::storage
