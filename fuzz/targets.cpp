#include "targets.hpp"

namespace fuzz {

std::span<const Target> all_targets() {
  static constexpr Target targets[] = {
      {"page", page},
      {"instance", instance},
      {"events", events},
      {"application", application},
      {"texts", texts},
      {"parties", parties},
      {"dialog", dialog},
      {"dialog_lookup", dialog_lookup},
      {"organisations", organisations},
      {"cloud_events", cloud_events},
      {"bundle", bundle},
      {"messages_page", messages_page},
      {"exports_line", exports_line},
      {"mapping", mapping},
      {"merge", merge},
      {"address", address},
      {"response", response},
      {"request_head", request_head},
      {"url", url},
      {"problem_body", problem_body},
      {"http_date", http_date},
      {"masking", masking},
      {"config", config},
  };
  return targets;
}

} // namespace fuzz
