#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/rules.hpp"

namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t min_tag_length = 3;
constexpr std::size_t max_labels = 20;

} // namespace

void check_tags(Rules& rules, const std::vector<Tag>& tags, const Place& place, std::size_t max,
                bool required) {
  if (tags.size() > 1)
    rules.unique_by(
        place, tags,
        [](const Tag& tag) { return tag.value.data() ? std::optional{lower(tag.value)} : std::nullopt; },
        std::hash<std::string>{}, [](const std::string& value) { return value; });
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const Place entry = place.at(i);
    const Place value = entry.at("value");
    if (required) rules.not_empty(value, tags[i].value);
    rules.at_least(value, tags[i].value, min_tag_length);
    rules.at_most(value, tags[i].value, max);
  }
}

void check_labels(Rules& rules, const std::vector<Tag>& labels, const Place& place) {
  check_tags(rules, labels, place, default_max_length, true);
  if (labels.size() > max_labels) rules.refuse(place, "Maximum 20 service owner labels are allowed.");
}

} // namespace altinn_sim::dialogporten
