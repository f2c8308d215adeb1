#pragma once

#include "dialogporten/api/call.hpp"

#include <functional>

namespace altinn_sim::dialogporten {

/// Puts the dialog of a body into the form that is stored (observed.md OD-3, OD-8): ids and times filled in,
/// media types and statuses current, addresses as .NET spells them, tags and actor ids in lower case, lists
/// and texts in the order that answers have.
void prepare(Document& document, const Call& call);

/// Writes down the text and everything that follows from it: counts, status, `Sent`. Labels and times stay.
void write_down(Record& record, Dialog& dialog);

/// True where a party still has something to open (dialogporten.md 4.4); `linked` looks at activities too.
bool has_unopened_content(const Dialog& dialog, bool is_correspondence, bool linked);

/// The names of actors without an id, which the store keeps once each.
std::vector<std::string_view> plain_names(const Dialog& dialog);

/// 502 where the body names an actor by id and Register is down (observed.md OD-2).
std::optional<Response> register_down(const Call& call, const Dialog& dialog);

/// Runs a write, whose answer is a 2xx where it was stored, unless another write at the same moment brings
/// one of its new actor names: then 422 when that write is over (observed.md OD-1).
Response with_new_names(const Call& call, const std::vector<std::string_view>& names,
                        const std::function<Response()>& write);

/// Gives every actor with an id the name that Register has; the complaint where one is unknown there.
Complaints name_actors(Dialog& dialog, Document& document, const Surroundings& surroundings);

/// Broken limits of the transmission tree, as complaints of a 422 (dialogporten.md 3.6).
Complaints hierarchy_complaints(const std::vector<Transmission>& transmissions);

/// 403 where a body uses what the caller's scopes do not cover (dialogporten.md 5).
std::optional<Response> forbidden_activity_type(const Call& call, const std::vector<Activity>& activities);
std::optional<Response> forbidden_resources(const Call& call, const Dialog& dialog);

/// 409 for transmission keys that occur twice.
std::optional<Response> duplicate_transmission_keys(const Call& call,
                                                    const std::vector<Transmission>& transmissions);

} // namespace altinn_sim::dialogporten
