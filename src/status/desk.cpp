#include "desk.hpp"

#include <dialogferry/status/render.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::status {

namespace {

/// A page may be so old while the next one is drawn: who asks is not to wait for the ledger.
constexpr std::int64_t a_moment = 5 * Instant::per_second;

/// How long a view is good for that took so long to make: the ledger of twenty years is not to be read all
/// the time.
std::int64_t good_for(std::int64_t took) {
  constexpr std::int64_t rest = 100;
  return std::clamp<std::int64_t>(rest * took, Instant::per_second, 3 * Instant::per_second);
}

std::size_t index_of(Language language) {
  return static_cast<std::size_t>(language);
}

} // namespace

// -- one view ------------------------------------------------------------------------

const std::string& View::json() {
  if (!json_) json_ = render_json(model);
  return *json_;
}

const std::string& View::html(Language language) {
  auto& html = html_.at(index_of(language));
  if (!html) html = render_html(model, language, true);
  return *html;
}

const std::vector<Part>& View::parts(Language language) {
  auto& parts = parts_.at(index_of(language));
  if (!parts) parts = page_parts(model, language);
  return *parts;
}

const YearPage& View::year(const RowStatus& row, int year, Language language) {
  const auto key = row.id + '/' + std::to_string(year) + '/' + std::string(name_of(language));
  const auto known = years_.find(key);
  return known != years_.end() ? known->second
                               : years_.emplace(key, year_part(row, year, language)).first->second;
}

// -- the thread ----------------------------------------------------------------------

Desk::Desk(Site::Source source, Site::Clock clock)
    : source_(std::move(source))
    , clock_(std::move(clock))
    , thread_([this] { run(); }) {}

Desk::~Desk() {
  close();
}

void Desk::close() {
  std::deque<Job> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(jobs_);
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  for (const auto& job : left)
    job(fail("status", "is about to stop"));
}

void Desk::ask(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      jobs_.push_back(std::move(job));
      changed_.notify_all();
      return;
    }
  }
  job(fail("status", "is about to stop"));
}

std::shared_ptr<const std::string> Desk::page(Language language) {
  const auto now = clock_();
  {
    const std::lock_guard lock(mutex_);
    auto& drawn = drawn_.at(index_of(language));
    const auto age = now.ticks - drawn.at.ticks;
    if (!drawn.html || age < 0 || age > a_moment) return nullptr;
    if (age < Instant::per_second || std::exchange(drawn.again, true)) return drawn.html;
  }
  draw(language, [](const Result<View*>&) {});
  const std::lock_guard lock(mutex_);
  return drawn_.at(index_of(language)).html;
}

void Desk::draw(Language language, Job then) {
  ask([this, language, then = std::move(then)](const Result<View*>& view) {
    const auto html = view ? std::make_shared<const std::string>((*view)->html(language)) : nullptr;
    {
      const std::lock_guard lock(mutex_);
      drawn_.at(index_of(language)) = {html, made_at_.value_or(Instant{}), false};
    }
    then(view);
  });
}

void Desk::listen(const http::EventStream& stream, std::optional<Language> page) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return stream.close();
    newcomers_.push_back({stream, page});
    ++listening_;
  }
  publish();
}

void Desk::publish() {
  {
    const std::lock_guard lock(mutex_);
    if (listening_ == 0 || publishing_ || closed_) return;
    publishing_ = true;
  }
  ask([this](const Result<View*>& view) { send_all(view); });
}

void Desk::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (closed_) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job(view());
    lock.lock();
  }
}

const Result<View*>& Desk::view() {
  const auto now = clock_();
  if (made_at_ && now >= *made_at_ && now.ticks - made_at_->ticks < good_for_) return made_;
  auto model = source_();
  made_at_ = now;
  good_for_ = good_for(clock_().ticks - now.ticks);
  if (!model) {
    made_ = tl::unexpected(model.error());
    return made_;
  }
  view_.emplace(std::move(*model));
  made_ = &*view_;
  return made_;
}

// -- events --------------------------------------------------------------------------

void Desk::send_all(const Result<View*>& view) {
  {
    const std::lock_guard lock(mutex_);
    publishing_ = false;
    readers_.insert(readers_.end(), newcomers_.begin(), newcomers_.end());
    newcomers_.clear();
    std::erase_if(readers_, [](const Reader& reader) { return !reader.stream.is_open(); });
    listening_ = readers_.size();
  }
  if (!view) return;
  for (const auto& reader : readers_)
    if (!reader.page) reader.stream.send("status", (*view)->json());
  for (const auto language : {Language::en, Language::nb})
    send_page(**view, language, readers_);
}

/// Whoever is new gets all of it, the others what has changed since.
void Desk::send_page(View& view, Language language, std::vector<Reader>& readers) {
  const auto wants = [&](const Reader& reader) { return reader.page == language; };
  if (std::none_of(readers.begin(), readers.end(), wants)) return;
  auto& sent = sent_.at(index_of(language));
  const auto& parts = view.parts(language);
  const auto changes = page_event(view.model, language, parts, sent);
  std::string all;
  for (auto& reader : readers) {
    if (!wants(reader)) continue;
    if (reader.is_new && all.empty()) all = page_event(view.model, language, parts, {});
    const auto& data = reader.is_new ? all : changes;
    reader.is_new = false;
    if (!data.empty()) reader.stream.send("page", data);
  }
  sent = parts;
}

} // namespace dialogferry::status
