#include "pages.hpp"

#include <algorithm>

namespace dialogferry::source::exports {

namespace {

/// A page ends where it has so many bytes, whatever number of messages was asked for.
constexpr std::size_t large_page = 16 << 20;

using Entries = std::span<const DayFile::Entry>;

Entries within(Entries all, const Query& query) {
  const auto before = [](const DayFile::Entry& entry, std::int64_t ticks) { return entry.ticks < ticks; };
  const auto earlier = [](const DayFile::Entry& entry, const Place& place) { return entry.place() < place; };
  auto first = all.begin();
  auto last = all.end();
  if (query.from) first = std::lower_bound(first, last, query.from->ticks, before);
  if (query.before) last = std::lower_bound(first, last, query.before->ticks, before);
  if (!query.behind) return {first, last};
  const auto at = std::lower_bound(first, last, *query.behind, earlier);
  if (!query.ascending) return {first, at};
  return {at != last && at->place() == *query.behind ? at + 1 : at, last};
}

/// The days that can have something for the query, in its order from `next` to `end`.
struct Span {
  Day first;
  Day last;
};

Span days_of(const Query& query, Day first, Day last) {
  if (query.from) first = std::max(first, day_of(*query.from));
  if (query.before) last = std::min(last, day_of(Instant{query.before->ticks - 1}));
  if (query.behind && query.ascending) first = std::max(first, day_of(Instant{query.behind->ticks}));
  if (query.behind && !query.ascending) last = std::min(last, day_of(Instant{query.behind->ticks}));
  return {first, last};
}

class PageWriter {
public:
  explicit PageWriter(std::size_t most)
      : most_(most) {}

  bool is_empty() const { return count_ == 0; }
  bool is_full() const { return count_ == most_ || rows_.size() >= large_page; }

  bool add(const DayFile& file, const DayFile::Entry& entry) {
    if (count_ > 0) rows_ += ',';
    ++count_;
    last_ = entry.place();
    return file.append(rows_, entry);
  }

  std::string take(const Query& query, bool goes_on) {
    std::string text = R"({"count":)" + std::to_string(count_);
    if (goes_on) text += R"(,"next":"/a2-archive/api/v1/messages?)" + next_of(query, last_) + '"';
    text.append(R"(,"messages":[)").append(rows_).append("]}");
    return text;
  }

private:
  const std::size_t most_;
  std::size_t count_ = 0;
  Place last_;
  std::string rows_;
};

/// Whether all of them had room.
Result<bool> add_all(PageWriter& page, const DayFile& file, Entries entries, bool ascending, Day day) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (page.is_full()) return false;
    const auto& entry = ascending ? entries[i] : entries[entries.size() - 1 - i];
    if (!page.add(file, entry)) return fail(to_string(day) + ".ndjson", "was changed while it was read");
  }
  return true;
}

} // namespace

Result<std::string> page_of(Folder& folder, const Query& query) {
  PageWriter page(query.size);
  const auto range = folder.range();
  if (!range) return page.take(query, false);
  const auto [first, last] = days_of(query, range->first, range->second);
  const std::int32_t step = query.ascending ? 1 : -1;
  for (Day day = query.ascending ? first : last; first <= day && day <= last; day.number += step) {
    if (page.is_full()) return page.take(query, true);
    const auto file = folder.day(day);
    if (!file && !page.is_empty()) return page.take(query, true);
    if (!file) return tl::unexpected(file.error());
    const auto all = add_all(page, **file, within((*file)->entries(), query), query.ascending, day);
    if (!all) return tl::unexpected(all.error());
    if (!*all) return page.take(query, true);
  }
  return page.take(query, false);
}

} // namespace dialogferry::source::exports
