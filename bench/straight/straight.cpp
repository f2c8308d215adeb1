// The same work as the engine's without the engine: one plain loop per core that reads pages, fetches events,
// maps and posts, over the same rooms.
#include "common.hpp"
#include "days.hpp"
#include "messages.hpp"
#include "uploads.hpp"

#include <dialogferry/codec/page.hpp>
#include <dialogferry/codec/parties.hpp>
#include <dialogferry/http/client.hpp>
#include <dialogferry/mapping/mapper.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <deque>
#include <fstream>
#include <future>
#include <unordered_map>

using namespace dialogferry;
using namespace straight;

namespace {

/// Writes requests down until it has those of so many records; only with one loop.
class Capture {
public:
  explicit Capture(const Options& options)
      : host_(options.url.substr(options.url.find("//") + 2))
      , left_(options.capture.empty() ? 0 : options.capture_records) {
    if (left_ > 0) file_.open(options.capture, std::ios::binary);
  }

  void note(const http::Request& request, std::string_view prefix) {
    if (left_ == 0) return;
    auto text = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: dialogferry\r\n",
                            name_of(request.method), prefix, request.target, host_);
    if (!request.accept.empty()) text += "Accept: " + request.accept + "\r\n";
    if (!request.content_type.empty()) text += "Content-Type: " + request.content_type + "\r\n";
    if (!request.body.empty()) text += fmt::format("Content-Length: {}\r\n", request.body.size());
    text += "\r\n" + request.body;
    file_ << text.size() << '\n' << text;
    if (request.method == http::Method::post && --left_ == 0) file_.close();
  }

private:
  std::string host_;
  std::uint64_t left_;
  std::ofstream file_;
};

/// One loop: everything in it runs on its own event loop's thread.
class Loop {
public:
  Loop(const Options& options, std::atomic<std::int32_t>& next_day, Capture& capture)
      : options_(options)
      , capture_(capture)
      , storage_(client_of(pool_, options, options.url))
      , registry_(client_of(pool_, options, options.url))
      , dialogporten_(client_of(pool_, options, options.url + "/dialogporten"))
      , days_({options,
               next_day,
               *storage_,
               parser_,
               source::storage::app_instances,
               [this](const auto& request) { capture_.note(request, ""); },
               [this](const auto& window, const auto& page, const auto& rows) { carry(window, page, rows); },
               {},
               [this] { done_.set_value(records_); }}) {}

  void start() {
    const auto app_id = options_.organisation + "/aarsrapport";
    fetch(*storage_, source::storage::application(app_id), [this, app_id](std::string body) {
      application_.emplace_back(std::move(body));
      fetch_texts(app_id);
    });
  }

  std::uint64_t wait() { return done_.get_future().get(); }

private:
  /// A record on its way; it waits for its events and for people to be looked up.
  struct Record {
    WindowPtr window;
    std::shared_ptr<const codec::Page> page;
    codec::Row row;
    codec::Document events_body;
    codec::Events events;
    std::int64_t party = 0;
    std::vector<std::int64_t> users;
    std::size_t waiting = 0;
  };
  using RecordPtr = std::shared_ptr<Record>;

  /// A party as 2n, a user as 2n+1.
  using Person = std::int64_t;

  void fetch_texts(const std::string& app_id) {
    if (application_.size() == 4) return begin();
    constexpr std::array languages = {"nb", "nn", "en"};
    auto request = source::storage::texts(app_id, languages[application_.size() - 1]);
    fetch(*storage_, std::move(request), [this, app_id](std::string body) {
      application_.emplace_back(std::move(body));
      fetch_texts(app_id);
    });
  }

  void begin() {
    codec::Document application = std::move(application_.front());
    application_.erase(application_.begin());
    auto prepared = mapper_.prepare(parser_, std::move(application), std::move(application_));
    if (!prepared) die(prepared.error().message);
    prepared_ = std::move(*prepared);
    days_.begin();
  }

  // -- the way of a record --------------------------------------------------------

  void carry(const WindowPtr& window, const std::shared_ptr<const codec::Page>& page,
             const std::vector<std::uint32_t>& rows) {
    for (const auto index : rows) {
      auto record = std::make_shared<Record>();
      record->window = window;
      record->page = page;
      record->row = page->rows[index];
      const auto party = record->row.party_id;
      std::from_chars(party.data(), party.data() + party.size(), record->party);
      ++window->in_flight;
      record->waiting = 1;
      look_up(record->party * 2, record);
      auto request = source::storage::events(record->row.id);
      capture_.note(request, "");
      fetch(*storage_, std::move(request), [this, record](std::string body) {
        take_events(record, std::move(body));
        arrived(record);
      });
    }
  }

  void take_events(const RecordPtr& record, std::string body) {
    record->events_body = codec::Document(std::move(body));
    auto events = codec::read_events(parser_, record->events_body.view());
    if (!events) die(events.error().message);
    record->events = std::move(*events);
    for (const auto& event : record->events.list) {
      if (!event.user || !event.user->user_id) continue;
      const auto user = *event.user->user_id;
      if (std::find(record->users.begin(), record->users.end(), user) != record->users.end()) continue;
      record->users.push_back(user);
      look_up(user * 2 + 1, record);
    }
  }

  void arrived(const RecordPtr& record) {
    if (--record->waiting > 0) return;
    const auto instance = codec::read_instance(parser_, record->row.json);
    if (!instance) die(instance.error().message);
    std::vector<mapping::KnownUser> users;
    users.reserve(record->users.size());
    for (const auto id : record->users)
      users.push_back({id, people_.at(id * 2 + 1)});
    mapping::Input input;
    input.instance = &*instance;
    input.events = &record->events;
    input.application = prepared_.get();
    input.party_urn = people_.at(record->party * 2);
    input.users = users;
    input.is_migration = true;
    input.now = system_now();
    auto decision = mapper_.decide(input);
    if (!decision) die(decision.error().message);
    auto request = target::dialogporten::create(std::move(decision->body), decision->silent);
    capture_.note(request, "/dialogporten");
    fetch(*dialogporten_, std::move(request), [this, window = record->window](const std::string&) {
      ++records_;
      --window->in_flight;
      days_.read_on(window);
    });
  }

  // -- people ---------------------------------------------------------------------

  void look_up(Person person, const RecordPtr& record) {
    if (people_.count(person) > 0) return;
    ++record->waiting;
    auto& waiting = wanted_[person];
    waiting.push_back(record);
    if (waiting.size() == 1) next_people_.push_back(person);
    ask_for_people();
  }

  void ask_for_people() {
    constexpr std::size_t lists_in_flight = 4;
    if (lists_ >= lists_in_flight || next_people_.empty()) return;
    ++lists_;
    const auto count = std::min(next_people_.size(), source::registry::most_per_query);
    const std::vector<Person> asked(next_people_.begin(),
                                    next_people_.begin() + static_cast<std::ptrdiff_t>(count));
    next_people_.erase(next_people_.begin(), next_people_.begin() + static_cast<std::ptrdiff_t>(count));
    std::vector<std::int64_t> parties;
    std::vector<std::int64_t> users;
    for (const auto person : asked)
      (person % 2 == 0 ? parties : users).push_back(person / 2);
    fetch(*registry_, source::registry::query(parties, users), [this, asked](std::string body) {
      --lists_;
      keep_people(std::move(body));
      for (const auto person : asked) {
        const auto waiting = std::move(wanted_.extract(person).mapped());
        for (const auto& record : waiting)
          arrived(record);
      }
      ask_for_people();
    });
  }

  void keep_people(std::string body) {
    const codec::Document document(std::move(body));
    const auto found = codec::read_parties(parser_, document.view());
    if (!found) die(found.error().message);
    for (const auto& party : *found) {
      if (party.party_id) people_.emplace(*party.party_id * 2, party.urn);
      for (const auto user : party.user_ids)
        people_.emplace(user * 2 + 1, party.urn);
    }
  }

  const Options& options_;
  Capture& capture_;
  mapping::Mapper mapper_;
  codec::Parser parser_;
  std::vector<codec::Document> application_;
  std::shared_ptr<const mapping::PreparedApplication> prepared_;
  std::unordered_map<Person, std::string> people_;
  std::unordered_map<Person, std::vector<RecordPtr>> wanted_;
  std::deque<Person> next_people_;
  std::size_t lists_ = 0; ///< at Register now
  std::uint64_t records_ = 0;
  std::promise<std::uint64_t> done_;
  http::IoPool pool_{1};
  std::unique_ptr<http::Client> storage_;
  std::unique_ptr<http::Client> registry_;
  std::unique_ptr<http::Client> dialogporten_;
  Days days_;
};

Options read_options(int argc, char** argv) {
  Options options;
  std::string from;
  std::string to;
  CLI::App app("Carries a history without an engine: a yardstick.", "straight");
  app.add_option("--url", options.url, "the simulator")->required();
  app.add_option("--from", from, "oldest day");
  app.add_option("--to", to, "newest day");
  app.add_option("--organisation", options.organisation)->capture_default_str();
  app.add_option("--loops", options.loops, "one per core")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--connections", options.connections, "per API")->capture_default_str();
  app.add_option("--capture", options.capture, "write the requests to this file");
  app.add_option("--capture-records", options.capture_records, "of so many records")->capture_default_str();
  app.add_flag("--messages", options.messages, "messages of Altinn 2 by both hops, not app instances");
  app.add_option("--uploads", options.uploads, "send so many files instead");
  app.add_option("--upload-size", options.upload_size, "bytes of each")->capture_default_str();
  app.add_flag("--digest", options.digest, "make the MD5 of each");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (options.uploads > 0) return options;
  const auto first = parse_day(from);
  const auto last = parse_day(to);
  if (!first || !last) die("a day is written 2025-03-01");
  options.first_day = first->number;
  options.last_day = last->number;
  if (!options.capture.empty()) options.loops = 1;
  return options;
}

/// Runs a loop per core, and prints what they have carried together.
template <class Make>
void run(const Options& options, Make make) {
  std::vector<decltype(make())> loops;
  for (std::size_t i = 0; i < options.loops; ++i)
    loops.push_back(make());
  for (auto& loop : loops)
    loop->start();
  std::uint64_t carried = 0;
  for (auto& loop : loops)
    carried += loop->wait();
  fmt::print("{}\n", carried);
}

} // namespace

int main(int argc, char** argv) {
  const auto options = read_options(argc, argv);
  std::atomic<std::int32_t> next_day{options.last_day};
  std::atomic<std::uint64_t> next_file{0};
  if (options.uploads > 0)
    run(options, [&] { return std::make_unique<UploadLoop>(options, next_file); });
  else if (options.messages)
    run(options, [&] { return std::make_unique<MessageLoop>(options, next_day); });
  else {
    Capture capture(options);
    run(options, [&] { return std::make_unique<Loop>(options, next_day, capture); });
  }
}
