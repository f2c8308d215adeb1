#include "messages.hpp"

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/migration.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/target/correspondence.hpp>

namespace straight {

using namespace dialogferry;

namespace {

constexpr std::size_t list_size = 20; // observed.md OC-3

} // namespace

MessageLoop::MessageLoop(const Options& options, std::atomic<std::int32_t>& next_day)
    : archive_(client_of(pool_, options, options.url))
    , correspondence_(client_of(pool_, options, options.url))
    , days_({options,
             next_day,
             *archive_,
             parser_,
             source::a2_archive::by_creation,
             {},
             [this](const auto& window, const auto& page, const auto& rows) { carry(window, page, rows); },
             [this](const auto& window) {
               if (!window->migrated.empty() && window->migrated.size() == window->in_flight) publish(window);
             },
             [this] { done_.set_value(published_); }}) {}

/// The answer brings it to its own thread.
void MessageLoop::start() {
  fetch(*archive_, source::a2_archive::probe(), [this](const std::string&) { days_.begin(); });
}

void MessageLoop::carry(const WindowPtr& window, const Days::Page& page,
                        const std::vector<std::uint32_t>& rows) {
  for (const auto index : rows) {
    const auto record = codec::read_correspondence(parser_, page->rows[index].json);
    if (!record) die(record.error().message);
    mapping::correspondence::Input input;
    input.record = &*record;
    input.is_migration = true;
    input.now = system_now();
    auto decision = mapping::correspondence::decide(input, settings_);
    if (!decision) die(decision.error().message);
    if (decision->migrate.empty()) die("there are attachments");
    ++window->in_flight;
    fetch(*correspondence_, target::correspondence::migrate(std::move(decision->migrate)),
          [this, window](std::string body) { migrated(window, std::move(body)); });
  }
}

void MessageLoop::migrated(const WindowPtr& window, std::string body) {
  const codec::Document document(std::move(body));
  const auto answer = codec::read_migrated(parser_, document.view());
  if (!answer) die(answer.error().message);
  window->migrated.push_back(answer->correspondence_id);
  if (window->migrated.size() == list_size) publish(window);
  days_.read_on(window);
}

void MessageLoop::publish(const WindowPtr& window) {
  const auto ids = std::exchange(window->migrated, {});
  fetch(*correspondence_, target::correspondence::publish(ids),
        [this, window, count = ids.size()](std::string body) {
          const codec::Document document(std::move(body));
          const auto statuses = codec::read_published(parser_, document.view());
          if (!statuses) die(statuses.error().message);
          for (const auto& status : *statuses)
            if (status.dialog_id) ++published_;
          window->in_flight -= count;
          days_.read_on(window);
        });
}

} // namespace straight
