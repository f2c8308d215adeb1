#pragma once

#include "correspondence/jobs/jobs.hpp"
#include "correspondence/model/record.hpp"
#include "exchange.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <memory>

namespace altinn_sim::correspondence {

/// Somebody whom Register knows.
struct Party {
  std::string urn;      ///< empty: somebody without one, a system user
  std::string name;     ///< as it is displayed
  std::string username; ///< of the self-identified
};

/// What Correspondence asks others. Called from any thread.
struct Surroundings {
  std::function<Response(const Request&)> dialogporten; ///< its service owner API, as an own caller
  std::function<std::optional<Party>(const Uuid&)> party;
  std::function<std::optional<Party>(std::int64_t)> user;
  std::function<bool(std::string_view)> knows_urn; ///< a person or an organisation
  std::function<Ticks()> now;
  std::function<Moment()> steady;
  std::function<void()> jobs_came; ///< something may be due sooner than Service::run_jobs() said
  /// An event of a correspondence of Altinn 3 was published: its name without prefix.
  std::function<void(const std::string&, const Record&)> told;
  // Ids of what is new; random ones where nothing else is wanted.
  std::function<std::optional<Uuid>(std::int64_t altinn2_id)> correspondence_id;
  std::function<std::optional<Uuid>(std::string_view altinn2_id)> attachment_id;
  std::string base = "https://platform.tt02.altinn.no"; ///< of the addresses in dialogs
};

/// How long things take (observed.md OC-3, OC-5, OC-18).
struct Behaviour {
  std::chrono::microseconds publish_time{4'000}; ///< a dialog in M3; grows along a list, by half every 32
  std::chrono::microseconds event_time{1'000};   ///< an event stored by M2, M4, M5, M6
  JobSettings jobs;
};

struct Desk;

/// A correspondence that somebody sends in Altinn 3.
struct NewCorrespondence {
  Record record;                       ///< what it says; its id, times and events come with the sending
  std::vector<Attachment> attachments; ///< without their ids
  bool with_dialog = true;             ///< false: the service has not made its dialog, and never will
  bool is_published = true;            ///< false: not until somebody says so
};

/// The migration API of Altinn 3 Correspondence, `/correspondence/api/v1/migration/…` (correspondence.md 1),
/// and correspondences of Altinn 3 itself, which `/correspondence/api/v1/correspondence/{id}` shows (6.3), in
/// memory. Safe to call from several threads.
class Service {
public:
  Service(Surroundings surroundings, std::uint64_t seed, Behaviour behaviour = {});
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Answers one request, `path` begins "/migration/"; the answer may come with work that is left.
  Response handle(const Request& request);

  /// Takes a correspondence of Altinn 3: its dialog is made, then it is published (6.1). Its id.
  Uuid send(const NewCorrespondence& wanted);
  /// Something happens to one of them: a status, or `failed` for a publishing that fails. False where there
  /// is none.
  bool happen(const Uuid& id, const StatusEvent& event);

  /// Loses what it knows of its dialog, as if its publishing had been cut short (observed.md OC-1). False
  /// where there is none.
  bool forget_dialog(const Uuid& id);

  /// Does the jobs that are due by then; when the next one is.
  std::optional<Moment> run_jobs(Moment until);

  void set_behaviour(const Behaviour& behaviour);
  Behaviour behaviour() const;

  /// Calls `visit` with every record, one after the other, in no order.
  void for_each(const std::function<void(const Record&)>& visit) const;
  /// The same with the attachments; whether a correspondence names them.
  void for_each_attachment(const std::function<void(const Attachment&, bool is_named)>& visit) const;
  std::optional<Record> find(const Uuid& id) const;
  std::optional<Record> find_altinn2(std::int64_t id) const;

  struct Figures {
    std::size_t attachments = 0;
    std::size_t orphaned_attachments = 0; ///< that no correspondence names
    std::uint64_t doubled_uploads = 0;
    std::size_t open_jobs = 0;
    std::uint64_t retried_jobs = 0;
    std::uint64_t failed_jobs = 0;
  };
  Figures figures() const;

  /// How often each event was published, by its name without prefix.
  std::map<std::string, std::uint64_t> published_events() const;

private:
  std::unique_ptr<Desk> desk_;
};

/// Does what is left of a request, one step after the other; `rest` lets so much time go by.
void finish(Response& response, const std::function<void(std::chrono::microseconds)>& rest);

} // namespace altinn_sim::correspondence
