#pragma once

#include <array>
#include <string>
#include <string_view>

namespace altinn_sim::correspondence {

/// One wording in the languages that dialogs of Correspondence have; "{0}", "{1}", "{2}" stand for what it is
/// about.
struct Wording {
  std::string_view nb, nn, en;
};

inline constexpr std::array<std::string_view, 3> languages = {"nb", "nn", "en"};

/// The wording in one of them, filled.
inline std::string worded(const Wording& wording, std::size_t language,
                          const std::array<std::string_view, 3>& with = {}) {
  const std::string_view text = language == 0 ? wording.nb : language == 1 ? wording.nn : wording.en;
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_place = text[at] == '{' && at + 2 < text.size() && text[at + 2] == '}';
    if (!is_place) {
      out += text[at];
      continue;
    }
    out += with[static_cast<std::size_t>(text[at + 1] - '0')];
    at += 2;
  }
  return out;
}

namespace texts {
inline constexpr Wording confirm = {"Bekreft", "Stadfest", "Confirm"};
inline constexpr Wording purge = {"Slett", "Slett", "Purge"};
inline constexpr Wording reply = {"Gå til tjeneste", "Gå til teneste", "Go to service"};
inline constexpr Wording all_attachments = {"Alle vedlegg", "Alle vedlegg", "All attachments"};
inline constexpr Wording email_sent = {"Varsel sendt på e-post til {0}.", "Varsel sendt på e-post til {0}.",
                                       "Notification sent by e-mail to {0}."};
inline constexpr Wording sms_sent = {"Varsel sendt på SMS til {0}.", "Varsel sendt på SMS til {0}.",
                                     "Notification sent by SMS to {0}."};
inline constexpr Wording email_reminder = {"Påminnelse sendt på e-post til {0}.",
                                           "Påminning sendt på e-post til {0}.",
                                           "Reminder sent by e-mail to {0}."};
inline constexpr Wording sms_reminder = {"Påminnelse sendt på SMS til {0}.",
                                         "Påminning sendt på SMS til {0}.", "Reminder sent by SMS to {0}."};
inline constexpr Wording forwarded_to_user = {"Tilgang til «{0}» er gitt til {1}.",
                                              "Tilgang til «{0}» er gitt til {1}.",
                                              "Access to “{0}” was given to {1}."};
inline constexpr Wording forwarded_to_email = {"«{0}» er videresendt til {1}.",
                                               "«{0}» er vidaresend til {1}.", "“{0}” was forwarded to {1}."};
inline constexpr Wording forwarded_to_mailbox = {"«{0}» er sendt til postkassen {1}.",
                                                 "«{0}» er send til postkassen {1}.",
                                                 "“{0}” was sent to the mailbox {1}."};
inline constexpr Wording note = {" Melding: {0}", " Melding: {0}", " Note: {0}"};
inline constexpr std::string_view sender = "Avsender";
inline constexpr std::string_view recipient = "Mottaker";
} // namespace texts

} // namespace altinn_sim::correspondence
