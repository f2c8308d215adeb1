#include "values.hpp"

#include "masked_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace dialogferry::cli {

namespace {

template <class... Fs>
struct Match : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Match(Fs...) -> Match<Fs...>;

constexpr double unbounded = std::numeric_limits<double>::max();

/// "from 1 to 100", "0 or more"
std::string bounds(const Property& property, auto&& write) {
  if (property.max == unbounded) return fmt::format("{} or more", write(property.min));
  return fmt::format("from {} to {}", write(property.min), write(property.max));
}

std::string number_text(double value) {
  return value == std::floor(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value)
                                                              : fmt::format("{}", value);
}

/// A double as TOML and JSON both read it: with a point.
std::string float_text(double value) {
  return value == std::floor(value) ? fmt::format("{:.1f}", value) : fmt::format("{}", value);
}

/// The value as it stands in the file, for messages.
std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string()) return json_quoted(text->get());
  if (node.is_table()) return "a table";
  std::ostringstream out;
  const auto flags = toml::toml_formatter::default_flags & ~toml::format_flags::allow_literal_strings;
  node.visit([&](const auto& value) { out << toml::toml_formatter{value, flags}; });
  return out.str();
}

std::optional<std::string> refuse(const Property& property, const toml::node& node) {
  const auto* text = node.as_string();
  const bool may_hold_password = text != nullptr && property.form == Form::ledger_url;
  return fmt::format("is {}, but must be {}",
                     may_hold_password ? json_quoted(masked_url(text->get())) : shown(node),
                     allowed(property));
}

bool within(const Property& property, double value) {
  return value >= property.min && value <= property.max;
}

// -- from TOML, a function a type: whether the value was taken -----------------------

bool take(const Property&, bool& to, const toml::node& node) {
  if (const auto* value = node.as_boolean()) return to = value->get(), true;
  return false;
}

bool take(const Property& property, std::uint32_t& to, const toml::node& node) {
  const auto* value = node.as_integer();
  if (!value || value->get() < 0 || value->get() > std::numeric_limits<std::uint32_t>::max() ||
      !within(property, static_cast<double>(value->get())))
    return false;
  to = static_cast<std::uint32_t>(value->get());
  return true;
}

bool take(const Property& property, double& to, const toml::node& node) {
  if (!node.is_number()) return false;
  // toml++ gives nothing for a whole number that has no exact double; here it is judged by the nearest.
  const auto* whole = node.as_integer();
  const double value = whole ? static_cast<double>(whole->get()) : node.as_floating_point()->get();
  if (!std::isfinite(value) || !within(property, value)) return false;
  to = value;
  return true;
}

bool take(const Property& property, std::string& to, const toml::node& node) {
  const auto* value = node.as_string();
  if (!value) return false;
  // An empty text takes back what another source has set.
  if (!value->get().empty() && !has_form(property.form, value->get())) return false;
  if (value->get().empty() && property.form == Form::word) return false;
  to = value->get();
  return true;
}

bool take(const Property& property, std::chrono::milliseconds& to, const toml::node& node) {
  const auto* value = node.as_string();
  const auto duration = value ? parse_duration(value->get()) : std::nullopt;
  if (!duration || !within(property, static_cast<double>(duration->count()))) return false;
  to = *duration;
  return true;
}

bool take(const Property&, Day& to, const toml::node& node) {
  std::optional<Day> day;
  if (const auto* date = node.as_date())
    day = parse_day(fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day));
  else if (const auto* text = node.as_string())
    day = parse_day(text->get());
  if (day) to = *day;
  return day.has_value();
}

bool take(const Property& property, std::vector<std::string>& to, const toml::node& node) {
  const auto* list = node.as_array();
  if (!list) return false;
  std::vector<std::string> texts;
  for (const auto& element : *list) {
    const auto* text = element.as_string();
    if (!text || !has_form(property.form, text->get())) return false;
    if (std::find(texts.begin(), texts.end(), text->get()) == texts.end()) texts.push_back(text->get());
  }
  to = std::move(texts);
  return true;
}

bool take(const Property& property, Choice to, const toml::node& node) {
  const auto* value = node.as_string();
  if (!value) return false;
  const auto found = std::find(property.choices.begin(), property.choices.end(), value->get());
  if (found == property.choices.end()) return false;
  *to.value = static_cast<std::uint8_t>(found - property.choices.begin());
  return true;
}

template <class T>
bool take(const Property& property, T* to, const toml::node& node) {
  return take(property, *to, node);
}

std::string list_text(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts)
    out.append(out.size() > 1 ? ", " : "").append(json_quoted(text));
  return out + "]";
}

std::string text_of(const Property& property, const Slot& slot, bool quote_days) {
  return std::visit(
      Match{[](const bool* value) { return std::string(*value ? "true" : "false"); },
            [](const std::uint32_t* value) { return std::to_string(*value); },
            [](const double* value) { return float_text(*value); },
            [](const std::string* value) { return json_quoted(*value); },
            [](const std::chrono::milliseconds* value) { return json_quoted(duration_text(*value)); },
            [&](const Day* value) {
              return quote_days ? json_quoted(dialogferry::to_string(*value))
                                : dialogferry::to_string(*value);
            },
            [](const std::vector<std::string>* value) { return list_text(*value); },
            [&](const Choice& choice) { return json_quoted(property.choices[*choice.value]); }},
      slot);
}

/// Whether a text on the command line stands for itself, without quotes.
bool is_textual(const Slot& slot) {
  return std::holds_alternative<std::string*>(slot) || std::holds_alternative<Choice>(slot) ||
         std::holds_alternative<std::chrono::milliseconds*>(slot);
}

Slot standard_slot(const Property& property) {
  return property.slot(standard_config(), property.key.starts_with("apis.")   ? api_names[0]
                                          : property.key.starts_with("rows.") ? row_ids[0]
                                                                              : "0");
}

} // namespace

Config& standard_config() {
  static Config config = [] {
    Config one;
    one.goals.emplace_back();
    return one;
  }();
  return config;
}

std::string allowed(const Property& property) {
  return std::visit(
      Match{[](const bool*) { return std::string("true or false"); },
            [&](const std::uint32_t*) { return "a whole number " + bounds(property, number_text); },
            [&](const double*) { return "a number " + bounds(property, number_text); },
            [&](const std::string*) { return std::string(name_of(property.form)); },
            [&](const std::chrono::milliseconds*) {
              return fmt::format(
                  "a duration such as \"250ms\", \"10s\" or \"5m\", {}", bounds(property, [](double value) {
                    return duration_text(std::chrono::milliseconds{static_cast<std::int64_t>(value)});
                  }));
            },
            [](const Day*) { return std::string("a day such as 2025-03-01"); },
            [&](const std::vector<std::string>*) {
              return fmt::format("a list, each element {}", name_of(property.form));
            },
            [&](const Choice&) {
              std::string names;
              for (const auto choice : property.choices)
                names.append(names.empty()                       ? ""
                             : choice == property.choices.back() ? " or "
                                                                 : ", ")
                    .append(choice);
              return names;
            }},
      standard_slot(property));
}

std::optional<std::string> assign(const Property& property, const Slot& slot, const toml::node& node) {
  const bool taken = std::visit([&](const auto& to) { return take(property, to, node); }, slot);
  return taken ? std::nullopt : refuse(property, node);
}

toml::table node_of_text(const Property& property, std::string_view text) {
  const auto slot = standard_slot(property);
  const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'');
  if (is_textual(slot) && !quoted) return toml::table{{"value", std::string(text)}};
  try {
    return toml::parse(fmt::format("value = {}", text));
  } catch (const toml::parse_error&) {
    if (!std::holds_alternative<std::vector<std::string>*>(slot))
      return toml::table{{"value", std::string(text)}};
  }
  toml::array list;
  for (std::size_t from = 0; from <= text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    if (comma > from) list.push_back(std::string(text.substr(from, comma - from)));
    from = comma + 1;
  }
  return toml::table{{"value", std::move(list)}};
}

std::string toml_text(const Property& property, const Slot& slot) {
  return text_of(property, slot, false);
}

std::string json_text(const Property& property, const Slot& slot) {
  return text_of(property, slot, true);
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (c == '\n')
      out.append("\\n");
    else if (static_cast<unsigned char>(c) < 0x20)
      out.append(fmt::format("\\u{:04x}", static_cast<unsigned>(c)));
    else
      out.push_back(c);
  }
  return out + "\"";
}

} // namespace dialogferry::cli
