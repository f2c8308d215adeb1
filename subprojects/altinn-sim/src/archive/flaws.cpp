#include "archive/flaws.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::archive {

namespace {

struct Kind {
  std::string_view name;
  void (*spoil)(Message&);
};

Forward forward_of(const Message& message, std::int64_t to_user) {
  Forward out;
  out.at = out.registered = message.changed;
  out.by = message.reader;
  out.to_user_id = to_user;
  return out;
}

void collide_forwards(Message& message) {
  message.forwards.push_back(forward_of(message, 20'000'001));
  message.forwards.push_back(forward_of(message, 20'000'002));
}

void collide_notifications(Message& message) {
  Notification one{message.id, Channel::email, "post@eksempel.no", message.changed, false, message.changed};
  message.notifications.push_back(one);
  one.is_reminder = true;
  message.notifications.push_back(one);
}

void fill_properties(Message& message) {
  message.properties.clear();
  for (int at = 0; at < 11; ++at)
    message.properties.emplace_back("key" + std::to_string(at), "value");
}

void name_supplier_by_number(Message& message) {
  auto forward = forward_of(message, 0);
  forward.to_user_id.reset();
  forward.mailbox = "984661185";
  message.forwards.push_back(forward);
}

/// A file without any name, or with a blank one.
void add_nameless_file(Message& message) {
  if (message.attachments.empty()) {
    auto& file = message.attachments.emplace_back();
    file.id = std::to_string(message.id * 8);
    file.created = message.created;
    file.sender = message.reader;
    file.size = 1'000;
    file.seed = static_cast<std::uint64_t>(message.id);
  }
  message.attachments.front().file_name.reset();
  message.attachments.front().display_name.reset();
}

void read_by_nobody(Message& message) {
  const auto nobody = storage::random_guid(0x0bad0bad0bad0badULL, 0xffffffffffffffffULL);
  message.events.push_back({Status::read, message.created, nobody, message.created});
}

/// A title and the note of a forward that are together longer than a description may be.
void write_long_note(Message& message) {
  message.title = std::string(250, 't');
  auto forward = forward_of(message, 0);
  forward.to_user_id.reset();
  forward.to_email = "kollega@eksempel.no";
  forward.note = std::string(3'950, 'n');
  message.forwards.push_back(forward);
}

constexpr std::array by_correspondence{
    Kind{"title-blank", [](Message& it) { it.title = "  "; }},
    Kind{"title-too-long", [](Message& it) { it.title = std::string(256, 'x'); }},
    Kind{"title-with-nul", [](Message& it) { it.title = std::string("a\0b", 3); }},
    Kind{"summary-too-long", [](Message& it) { it.summary = std::string(256, 'x'); }},
    Kind{"body-too-long", [](Message& it) { it.body = std::string(30'001, 'x'); }},
    Kind{"language", [](Message& it) { it.language = "de"; }},
    Kind{"language-absent", [](Message& it) { it.language.reset(); }},
    Kind{"content-missing", [](Message& it) { it.has_content = false; }},
    Kind{"no-publish-time", [](Message& it) { it.publish_time.reset(); }},
    Kind{"no-sender", [](Message& it) { it.sender.reset(); }},
    Kind{"no-recipient", [](Message& it) { it.recipients.clear(); }},
    Kind{"resource-id", [](Message& it) { it.resource += ":x"; }},
    Kind{"too-many-properties", fill_properties},
    Kind{"property-too-long", [](Message& it) { it.properties.emplace_back("long", std::string(301, 'x')); }},
    Kind{"forwards-collide", collide_forwards},
    Kind{"notifications-collide", collide_notifications},
    Kind{"mailbox-form", name_supplier_by_number},
};

constexpr std::array by_dialogporten{
    Kind{"senders-reference-too-long", [](Message& it) { it.senders_reference = std::string(256, 'r'); }},
    Kind{"summary-too-long-encoded", [](Message& it) { it.summary = std::string(200, '&'); }},
    Kind{"properties-equal-but-for-case",
         [](Message& it) {
           it.properties = {{"a", "Samme sak"}, {"b", "samme sak"}};
         }},
    Kind{"process-no-uri", [](Message& it) { it.process = "http://[sak 1"; }},
    Kind{"reply-text-empty",
         [](Message& it) {
           it.replies = {{"https://example.no/svar", ""}};
         }},
    Kind{"reply-not-https",
         [](Message& it) {
           it.replies = {{"http://example.no/svar", "Svar"}};
         }},
    Kind{"attachment-without-name", add_nameless_file},
    Kind{"note-too-long", write_long_note},
    Kind{"recipient-not-understood", [](Message& it) { it.recipients = {"urn:altinn:whatever:1"}; }},
    Kind{"reader-unknown", read_by_nobody},
};

void apply(Message& message, const Kind& kind, bool refused_by_dialogs) {
  kind.spoil(message);
  message.flaw = {kind.name, refused_by_dialogs};
}

template <class Kinds>
bool apply_named(Message& message, const Kinds& kinds, std::string_view name, bool refused_by_dialogs) {
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& it) { return it.name == name; });
  if (found != kinds.end()) apply(message, *found, refused_by_dialogs);
  return found != kinds.end();
}

template <class Kinds>
const Kind& some(const Kinds& kinds, storage::Dice& dice) {
  return kinds[static_cast<std::size_t>(dice.below(std::ssize(kinds)))];
}

} // namespace

void spoil(Message& message, storage::Dice& dice) {
  const bool by_dialogs = dice.percent(50);
  apply(message, by_dialogs ? some(by_dialogporten, dice) : some(by_correspondence, dice), by_dialogs);
}

bool spoil(Message& message, std::string_view kind) {
  return apply_named(message, by_correspondence, kind, false) ||
         apply_named(message, by_dialogporten, kind, true);
}

} // namespace altinn_sim::archive
