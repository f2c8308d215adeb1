#include "folder.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace dialogferry::source::exports {

namespace {

constexpr std::string_view plain = ".ndjson";
constexpr std::string_view packed = ".ndjson.gz";
constexpr std::size_t day_length = 10;

/// The day of a file's name; nothing for other files.
std::optional<Day> day_of_name(std::string_view name) {
  const auto ending = name.substr(std::min(name.size(), day_length));
  if (ending != plain && ending != packed) return std::nullopt;
  return parse_day(name.substr(0, day_length));
}

/// Whether what comes later will have another time: clocks of file systems tick slowly.
bool is_settled(const Stamp& stamp) {
  constexpr std::chrono::seconds tick(2);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::nanoseconds(stamp.changed) + tick < now;
}

/// Problems of files name them by their whole path.
Problem by_name(Problem problem) {
  problem.member = problem.member.substr(problem.member.rfind('/') + 1);
  return problem;
}

} // namespace

std::optional<std::pair<Day, Day>> Folder::range() {
  look_again();
  if (files_.empty()) return std::nullopt;
  return std::pair(files_.begin()->first, files_.rbegin()->first);
}

std::vector<Day> Folder::days() {
  look_again();
  std::vector<Day> days;
  for (const auto& [day, names] : files_)
    days.push_back(day);
  return days;
}

std::vector<Day> Folder::kept() const {
  std::vector<Day> days;
  for (const auto& [day, file] : kept_)
    days.push_back(day);
  return days;
}

Result<std::shared_ptr<const DayFile>> Folder::day(Day day) {
  const auto found =
      std::find_if(kept_.begin(), kept_.end(), [&](const auto& kept) { return kept.first == day; });
  if (found != kept_.end() && found->second->is_current()) {
    kept_.splice(kept_.begin(), kept_, found);
    return found->second;
  }
  if (found != kept_.end()) kept_.erase(found);
  auto file = read(day);
  if (!file) return file;
  kept_.emplace_front(day, *file);
  if (kept_.size() > most_kept_) kept_.pop_back();
  return file;
}

Result<std::shared_ptr<const DayFile>> Folder::read(Day day) {
  look_again();
  const auto found = files_.find(day);
  if (found == files_.end())
    return fail(to_string(day) + std::string(plain), "is missing, between others that are there");
  const auto& names = found->second;
  if (names.size() > 1) return fail(names.front(), "is there packed and unpacked");
  auto file = DayFile::open(path_ + "/" + names.front(), day);
  if (!file) return tl::unexpected(by_name(file.error()));
  return file;
}

void Folder::look_again() {
  const auto stamp = stamp_of(path_);
  if (stamp == stamp_) return;
  stamp_ = is_settled(stamp) ? stamp : Stamp{};
  files_.clear();
  std::error_code error;
  for (std::filesystem::directory_iterator entry(path_, error), end; !error && entry != end;
       entry.increment(error)) {
    auto name = entry->path().filename().string();
    if (const auto day = day_of_name(name)) files_[*day].push_back(std::move(name));
  }
  if (error) stamp_ = {}; // once more next time
}

} // namespace dialogferry::source::exports
