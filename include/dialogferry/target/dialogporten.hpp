#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <string>
#include <string_view>

/// The requests of Dialogporten's service owner API (dialogporten.md 2), as values; no I/O. `silent` is the
/// flag isSilentUpdate (dialogporten.md 4.5); `revision` goes out as If-Match, empty sends none.
namespace dialogferry::target::dialogporten {

http::Request create(std::string body, bool silent);
http::Request update(const Uuid& dialog, std::string body, bool silent, std::string revision);
http::Request remove(const Uuid& dialog, bool silent, std::string revision);
http::Request purge(const Uuid& dialog, bool silent, std::string revision);
http::Request restore(const Uuid& dialog, bool silent, std::string revision);
http::Request get(const Uuid& dialog);
/// Moves the time of a stored FormSaved activity (dialogporten.md 2.7).
http::Request update_form_saved_time(const Uuid& dialog, const Uuid& activity, Instant at,
                                     std::string revision);
/// The dialog of an instance, `urn:altinn:instance-id:{party id}/{guid}` (dialogporten.md 2.9).
http::Request lookup(std::string_view instance_ref);

/// What mapping::correspondence::decide() made for Dialogporten (`calls`): its path, which begins behind the
/// platform's base address, becomes one below Dialogporten's own.
http::Request carry_out(const mapping::correspondence::Call& call);

/// The dialogs of the caller's own organisation that were made last, at most `limit` (2.2).
http::Request newest(unsigned limit);

/// Dialogs of the caller's own organisation by the time of their last change, deleted ones too.
struct Search {
  Instant from;           ///< updatedAt, inclusive
  Instant before;         ///< exclusive
  std::string_view label; ///< only those with a label of the service owner that begins so; empty: all
  unsigned limit = 500;   ///< 1 to 1000
  std::string_view token; ///< of the page before, as it was answered; empty for the first
};

/// The order of search(), as its answers spell it: ties by the id, so that no page loses any (observed.md
/// OD-9).
inline constexpr std::string_view search_order = "updatedat_desc,id_desc";

/// A page of them, newest first (2.2). Operation::list.
http::Request search(const Search& search);

/// Any healthy Dialogporten answers it below 500.
http::Request probe();

} // namespace dialogferry::target::dialogporten
