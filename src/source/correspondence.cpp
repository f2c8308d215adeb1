#include <dialogferry/source/correspondence.hpp>

namespace dialogferry::source::correspondence {

const Listing by_events{"correspondence", nullptr,
                        nullptr,          nullptr,
                        nullptr,          [](std::string_view record_id) { return parse_uuid(record_id); }};

} // namespace dialogferry::source::correspondence
