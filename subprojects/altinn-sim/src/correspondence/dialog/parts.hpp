#pragma once

#include "correspondence/model/record.hpp"

#include <boost/json/object.hpp>

namespace altinn_sim::correspondence {

namespace json = boost::json;

// Parts of a new dialog; `address` is that of the correspondence in the API.
json::object content_of(const Record& record, const std::string& address);
json::array attachments_of(const Record& record, const std::vector<Attachment>& attachments,
                           const std::string& address, Ticks now, dialogporten::UuidSource& ids);
json::array gui_actions_of(const Record& record, const std::string& address, bool asks_to_confirm);
json::array api_actions_of(const Record& record, const std::vector<Attachment>& attachments,
                           const std::string& address);

} // namespace altinn_sim::correspondence
