#pragma once

#include "dialogporten/caller.hpp"
#include "dialogporten/model/dialog.hpp"
#include "dialogporten/model/place.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altinn_sim::dialogporten {

enum class Verb : std::uint8_t { create, update };

/// One complaint: the key of an error body ("dto.attachments[0].urls") and its text.
struct Complaint {
  std::string key;
  std::string message;
};

using Complaints = std::vector<Complaint>;

/// What an update's checks need to know of the dialog that is there.
struct StoredFacts {
  std::optional<Time> visible_from;
  bool has_transmission_without_content = false;
};

/// What becomes of one body: accepted, refused with complaints, unreadable with exactly one, or 500 at every
/// try.
struct Verdict {
  bool unreadable = false;
  Complaints complaints;
  bool breaks = false; ///< observed.md OD-5

  bool accepted() const { return complaints.empty() && !breaks; }
};

/// The checks of a create or update body, answered 400 where one fails (dialogporten.md 3). Pure: `now` in
/// ticks.
Verdict validate(Verb verb, std::string_view body, Ticks now, const Caller& caller = {},
                 const StoredFacts& facts = {});

/// The same for a body already read.
Complaints complaints_of(Verb verb, const Dialog& dialog, Ticks now, const Caller& caller,
                         const StoredFacts& facts = {});

/// The checks of a single activity or actor outside a dialog body; `root` is the place it stands at.
Complaints complaints_of(const Actor& actor, const Place& root, Ticks now, const Caller& caller);

} // namespace altinn_sim::dialogporten
