#pragma once

#include "dialogporten/validation/validation.hpp"

#include <unordered_set>

namespace altinn_sim::dialogporten {

/// One run of the checks over a body: what they go by, the rules every room shares, and the complaints so
/// far.
class Rules {
public:
  Rules(Verb verb, Ticks now, const Caller& caller, bool api_only)
      : verb_{verb}
      , now_{now}
      , caller_{caller}
      , api_only_{api_only} {}

  bool creating() const { return verb_ == Verb::create; }
  bool api_only() const { return api_only_; }
  const Caller& caller() const { return caller_; }
  Complaints take() { return std::move(complaints_); }

  void refuse(const Place& place, std::string message);

  /// Refuses "'X' must not be empty.".
  void refuse_empty(const Place& place);

  void not_empty(const Place& place, std::string_view text);
  void at_most(const Place& place, const Text& text, std::size_t max);
  void at_least(const Place& place, const Text& text, std::size_t min);
  void version_7(const Place& place, const std::optional<Uuid>& id);
  void in_past(const Place& place, const std::optional<Time>& time);
  void in_future(const Place& place, const std::optional<Time>& time);
  void after(const Place& place, const std::optional<Time>& time, const std::optional<Time>& bound,
             std::string_view bound_name);
  /// A well-formed URI, relative allowed, of at most 1023 characters.
  void uri(const Place& place, const Text& text);
  /// A required absolute https URL of at most 1023 characters.
  void https_url(const Place& place, const Text& text);
  void authorization_attribute(const Place& place, const Text& text);
  void party(const Place& place, std::string_view text);

  template <class E>
  void in_enum(const Place& place, E value) {
    if (value == E::none)
      refuse(place, "'" + display_name(place) + "' has a range of values which does not include '0'.");
  }

  /// No key twice; items whose key is nothing do not count. `key` gives an optional.
  template <class Items, class Key, class Hash, class Spell>
  void unique_by(const Place& place, const Items& items, Key key, Hash hash, Spell spell) {
    using Value = typename decltype(key(*items.begin()))::value_type;
    std::unordered_set<Value, Hash> seen{0, hash};
    std::unordered_set<Value, Hash> doubled{0, hash};
    std::string list;
    for (const auto& item : items) {
      const auto value = key(item);
      if (!value || seen.insert(*value).second || !doubled.insert(*value).second) continue;
      if (!list.empty()) list += ',';
      list += spell(*value);
    }
    if (!list.empty()) refuse(place, "Can not contain duplicate items: [" + list + "].");
  }

  /// No id twice in a list.
  template <class Items>
  void unique_ids(const Place& place, const Items& items) {
    if (items.size() > 1)
      unique_by(
          place, items, [](const auto& item) { return item.id; }, UuidHash{},
          [](const Uuid& id) { return to_string(id); });
  }

private:
  Verb verb_;
  Ticks now_;
  const Caller& caller_;
  bool api_only_;
  Complaints complaints_;
};

// The checks of each part of a body, at the place where it stands.
void check(Rules& rules, const Localizations& texts, const Place& place,
           std::size_t max = default_max_length);
void check(Rules& rules, const std::optional<Content>& content, const Place& place);
void check(Rules& rules, const std::optional<TransmissionContent>& content, const Place& place);
void check(Rules& rules, const Attachment& attachment, const Place& place);
void check(Rules& rules, const TransmissionAttachment& attachment, const Place& place);
void check(Rules& rules, const GuiAction& action, const Place& place);
void check(Rules& rules, const ApiAction& action, const Place& place);
void check(Rules& rules, const Actor& actor, const Place& place);
void check(Rules& rules, const std::optional<Actor>& actor, const Place& place);
void check(Rules& rules, const Activity& activity, const Place& place);
void check(Rules& rules, const Transmission& transmission, const Place& place);

template <class T>
void check_each(Rules& rules, const std::vector<T>& items, const Place& place) {
  for (std::size_t i = 0; i < items.size(); ++i)
    check(rules, items[i], place.at(i));
}

/// Search tags and labels: lengths, and none twice ignoring case.
void check_tags(Rules& rules, const std::vector<Tag>& tags, const Place& place, std::size_t max,
                bool required);

/// At most 20 labels of 3 to 255 characters (dialogporten.md 3.1).
void check_labels(Rules& rules, const std::vector<Tag>& labels, const Place& place);

} // namespace altinn_sim::dialogporten
