#pragma once

#include "parts.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/status/site.hpp>

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace dialogferry::status {

/// One model and how it looks, each form made when it is first asked for. Used by one thread.
class View {
public:
  explicit View(StatusModel shown)
      : model(std::move(shown)) {}

  const StatusModel model;

  const std::string& json();
  const std::string& html(Language language);
  const std::vector<Part>& parts(Language language);
  const YearPage& year(const RowStatus& row, int year, Language language);

private:
  std::optional<std::string> json_;
  std::array<std::optional<std::string>, 2> html_;
  std::array<std::optional<std::vector<Part>>, 2> parts_;
  std::map<std::string, YearPage> years_;
};

/// Makes views on a thread of its own, at most one a second for everybody and fewer where that takes long, so
/// that neither reading the ledger nor drawing the page keeps the server from its connections. May be used
/// from any thread.
class Desk {
public:
  using Job = std::function<void(const Result<View*>&)>;

  Desk(Site::Source source, Site::Clock clock);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// Calls the job on the desk's thread with a view at most a second old, three where it takes long to make;
  /// at once, with a problem, after close(). Those who ask are bounded by the server.
  void ask(Job job);

  /// The page as it was drawn last, a moment ago; where that is more than a second, it is drawn anew
  /// meanwhile. Null where it is older than a moment.
  std::shared_ptr<const std::string> page(Language language);

  /// Like ask(), and keeps the page for page().
  void draw(Language language, Job then);

  /// From now on the stream gets an event `status` with the JSON at every publishing, or an event `page` with
  /// what has changed on the page of a language.
  void listen(const http::EventStream& stream, std::optional<Language> page);

  /// Costs nothing without streams, and is left out while the last one is still at work.
  void publish();

  /// Ends the thread; nothing of `source` is called any more.
  void close();

private:
  struct Reader {
    http::EventStream stream;
    std::optional<Language> page;
    bool is_new = true;
  };

  struct Drawn {
    std::shared_ptr<const std::string> html;
    Instant at;
    bool again = false; ///< is being drawn anew
  };

  void run();
  const Result<View*>& view();
  void send_all(const Result<View*>& view);
  void send_page(View& view, Language language, std::vector<Reader>& readers);

  Site::Source source_;
  Site::Clock clock_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<Reader> newcomers_; ///< taken over by the thread
  std::size_t listening_ = 0;     ///< about as many streams are open
  bool publishing_ = false;
  std::array<Drawn, 2> drawn_;
  bool closed_ = false;

  // The thread's own:
  std::optional<View> view_;
  Result<View*> made_ = fail("status", "is not read yet");
  std::optional<Instant> made_at_;
  std::int64_t good_for_ = 0; ///< ticks, from then on
  std::vector<Reader> readers_;
  std::array<std::vector<Part>, 2> sent_; ///< what the readers of a language have

  std::thread thread_; ///< goes first
};

} // namespace dialogferry::status
