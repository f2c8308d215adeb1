#pragma once

#include <dialogferry/status/locale.hpp>
#include <dialogferry/status/status.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::status {

/// Why something could not be carried, as people tell causes apart. Made of codes, so that every language
/// says it in its own words.
enum class Cause : std::uint8_t {
  no_answer,       ///< no whole answer came
  access,          ///< a token is missing, or may not do this
  not_found,       ///< what was asked for is not there
  conflict,        ///< it is there already, or somebody else wrote at the same time
  too_many,        ///< the API asked for fewer requests
  api_failed,      ///< 5xx
  unreadable,      ///< the source's answer is not as it should be
  incomplete,      ///< the record lacks what every record has
  application,     ///< the application's metadata or texts lack something
  service_unknown, ///< the service is not registered
  party_unknown,   ///< whom the record belongs to is not known to Register
  person_unknown,  ///< who did something in it is not known
  text,            ///< a text is missing, too long, or holds what cannot be stored
  file,            ///< an attachment
  history,         ///< an activity or a transmission
  id_taken,        ///< the dialog's id belongs to another record
  refused,         ///< the target refuses it, for something else
  ours,            ///< a defect of the engine, or its own disk
  deferred,        ///< some of a day's records wait; nobody is needed
  importing,       ///< some of a day's records are not whole at the source; likewise
  more_came,       ///< the hop before has handed over more
  other,
};

/// Who has to do something about it.
enum class Actor : std::uint8_t { us, owner, platform, nobody };

/// `no_answer`, `access`, … and `us`, `owner`, `platform`, `nobody`
std::string_view name_of(Cause cause);
std::string_view name_of(Actor actor);

Actor actor_of(Cause cause);

/// What is behind a problem's member and the status of an answer (0: none).
Cause cause_of(std::string_view member, int http_status);

/// Why a day is parked, as the engine writes it: `timeout: no answer in 10 s`, `Content.Title: status 422,
/// …`.
struct Reason {
  Cause cause = Cause::other;
  std::uint64_t records = 0; ///< deferred, importing: how many
  std::string code;          ///< the part of it that is a code and no sentence; may be empty
};
Reason reason_of(std::string_view text);

/// What happened, a sentence without a full stop, and what to do about it, one with.
std::string_view cause_words(Language language, Cause cause);
std::string_view next_step(Language language, Cause cause);
/// `the service owner`
std::string_view actor_words(Language language, Actor actor);

/// Records of one row that have one cause.
struct CauseGroup {
  std::string row;
  Cause cause = Cause::other;
  std::uint64_t records = 0;
  std::vector<std::string> codes = {}; ///< `Content.Title 422`, most records first
};

/// Most records first.
std::vector<CauseGroup> grouped(const std::vector<ledger::CauseCount>& causes);

} // namespace dialogferry::status
