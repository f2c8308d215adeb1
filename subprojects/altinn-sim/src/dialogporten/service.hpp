#pragma once

#include "dialogporten/caller.hpp"
#include "dialogporten/model/enums.hpp"
#include "dialogporten/model/time.hpp"
#include "dialogporten/model/uuid.hpp"
#include "exchange.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altinn_sim::dialogporten {

/// What the resource registry knows of a service resource.
struct Resource {
  std::string org; ///< owner's short name
  std::string type = "altinnapp";
  std::string org_number;
};

/// The resources of a registry that knows every `urn:altinn:resource:…`: `app_{org}_{app}` and `{org}-{name}`
/// belong to that org, anything else to "digdir"; "letters" or "correspondence" in the name makes it a
/// CorrespondenceService.
std::optional<Resource> resource_by_name(std::string_view urn);

/// What Dialogporten asks other services. Called from any thread.
struct Surroundings {
  std::function<std::optional<Resource>(std::string_view urn)> resource = resource_by_name;
  /// The name that Altinn Register has for a person or organization number; nothing where it is unknown
  /// there. Without a function every one is known.
  std::function<std::optional<std::string>(std::string_view actor_id)> actor_name;
};

/// A stored dialog in brief, for audits.
struct Summary {
  Uuid id;
  Uuid revision;
  Time created_at;
  Time updated_at;
  std::optional<Time> deleted_at;
  std::string_view party;
  std::string_view service_resource;
  std::string_view org;
  const std::vector<std::string>* labels = nullptr;       ///< in order of their text
  std::vector<std::pair<std::string, std::string>> title; ///< language code, text
  std::vector<std::pair<std::string, std::string>> summary;
  std::vector<std::pair<std::string, std::string>> extended_status; ///< of the content
  Status status = Status::none;
  SystemLabel system_label = SystemLabel::normal; ///< Default, Bin or Archive
  bool created_silently = false;
  bool changed_silently = false; ///< the last applied create or update was silent
  std::size_t activities = 0;
  std::size_t transmissions = 0;
  std::size_t attachments = 0;              ///< of the dialog itself
  std::size_t transmission_attachments = 0; ///< of all its transmissions
  std::uint32_t creates = 0; ///< create requests with this id that passed the checks, the refused doubles too
  std::uint32_t updates = 0; ///< PUTs answered 204
};

class Store;

/// What may be wrong with a stored dialog, for those who are to find it.
enum class Flaw : std::uint8_t {
  missing,     ///< it is gone
  doubled,     ///< another one says the same under another id, but for its parts
  stale,       ///< as it was an hour before its last change, without its last activity
  wrong_date,  ///< made a day earlier, or changed an hour later: by turns of the id
  wrong_party, ///< another's
};

/// How the server behaves beyond what it answers.
struct Behaviour {
  /// A write that others can meet takes at least so long: one with new actor names or an idempotent key, and
  /// a change of a dialog that is there (observed.md OD-1, OD-6, OD-7). 0: only while the request is at work.
  std::chrono::microseconds write_time{0};
};

/// Dialogporten's service owner API with its data in memory. Safe to call from several threads.
class Service {
public:
  explicit Service(Surroundings surroundings = {}, std::uint64_t seed = 1, Behaviour behaviour = {});
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Answers one request; `path` begins "/api/v1/". Tokens are the server's business: `caller` says what they
  /// unlock.
  Response handle(const Request& request, const Caller& caller = {});

  /// The dialog as GET answers it.
  std::optional<std::string> dialog(const Uuid& id) const;

  /// Calls `visit` with one stored dialog, soft-deleted or not; false, and no call, where there is none.
  bool visit(const Uuid& id, const std::function<void(const Summary&)>& visit) const;

  /// Calls `visit` with every stored dialog, soft-deleted ones too, in no order. Views live as long as the
  /// call. Writes go on meanwhile; each dialog is seen as it was when the walk began.
  void for_each(const std::function<void(const Summary&)>& visit) const;

  std::size_t size() const;

  /// Makes a stored dialog wrong, behind everybody's back; `party` is what wrong_party makes of it. False
  /// where there is none, or nothing of it can be so.
  bool spoil(const Uuid& id, Flaw flaw, const std::string& party);

private:
  Surroundings surroundings_;
  Behaviour behaviour_;
  UuidSource ids_;
  std::unique_ptr<Store> store_;
};

/// `POST /_sim/validate?verb=create|update`: the checks alone, nothing stored. 200 with {"accepted":true},
/// {"accepted":false,"fields":[…],"errors":{…}} or {"accepted":false,"unreadable":true,"errors":{…}};
/// "breaks" is true where the API answers 500 at every try.
Response validate_only(const Request& request, const Caller& caller = {});

} // namespace altinn_sim::dialogporten
