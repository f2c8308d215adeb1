#pragma once

#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"
#include "storage/register.hpp"

namespace altinn_sim {

/// What Correspondence asks on the simulated platform: Dialogporten by its own token, people in Register.
/// What is referred to outlives the service.
correspondence::Surroundings neighbours_of(const storage::Register& people, dialogporten::Service& dialogs,
                                           std::function<std::int64_t()> now,
                                           std::function<void()> jobs_came);

} // namespace altinn_sim
