#pragma once

#include "world.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

enum class ActivityKind : std::uint8_t { form_saved, form_submitted, other };

struct Activity {
  ActivityKind kind;
  Ticks created_at;
};

std::string lower_case(std::string_view text);

/// Events of the 16 types that are asked for (M-34), in the text order of the answer.
std::vector<const Event*> answered_events(const Record& record);

/// The activities of M-110 with runs of FormSaved collapsed (M-111); null where one has no actor (M-88,
/// M-113).
std::optional<std::vector<Activity>> activities_of(const World& world, std::vector<const Event*> events);

} // namespace altinn_sim::storage
