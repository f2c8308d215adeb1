#pragma once

#include "correspondence/wire/binding.hpp"

namespace altinn_sim::correspondence {

/// Reads a list of events at `path`; what is no object in it makes the service fail.
void read_status_events(Verdict& verdict, const json::array& list, const std::string& path,
                        std::vector<StatusEvent>& out);
void read_notifications(Verdict& verdict, const json::array& list, const std::string& path,
                        std::vector<Notification>& out);
void read_forwards(Verdict& verdict, const json::array& list, const std::string& path,
                   std::vector<Forward>& out);

} // namespace altinn_sim::correspondence
