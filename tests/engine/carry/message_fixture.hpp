#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/codec/messages.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <string>
#include <vector>

/// Messages as the archive gives them, and the answers of Correspondence.
namespace dialogferry::engine::test {

inline const std::string reader_party = "b7c1d0aa-5e7f-4c39-8d21-334455667788";
inline const Uuid message_target = *parse_uuid("01934c5a-7b00-7abc-8def-0123456789ab");

/// An entry of `eventHistory`; without `registered` the archive learned of it when it happened.
std::string event_json(const std::string& status, const std::string& at, const std::string& registered = {});
std::string forward_json(const std::string& at, int to_user);
std::string joined(const std::vector<std::string>& parts);

/// A message of Altinn 2.
struct Message {
  std::int32_t id = 1'000'001;
  std::string created = "2025-11-17T11:00:00Z";
  std::vector<std::string> events = {event_json("Published", "2025-11-17T11:00:00Z")};
  std::vector<std::string> forwards = {};
  std::vector<std::string> files = {}; ///< altinn2AttachmentId
  std::string title = "Vedtak";

  std::string json() const;
};

http::Response migrated(bool is_new = true, const Uuid& target = message_target);

/// A dialog as Dialogporten shows it, with this label of its end user.
http::Response dialog_with(const std::string& label = "Default");

http::Response not_there();
Answered reply_to(const Call& call, http::Answer answer);
std::shared_ptr<const mapping::Settings> settings();

} // namespace dialogferry::engine::test
