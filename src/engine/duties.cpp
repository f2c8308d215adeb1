#include <dialogferry/engine/duties.hpp>

#include <fmt/format.h>

namespace dialogferry::engine {

namespace {

std::string name_of_partition(const std::string& stage, unsigned partition) {
  return fmt::format("{}/{:02}", stage, partition);
}

std::string name_of_stream(const std::string& stage, const std::string& organisation) {
  return stage + "/stream/" + organisation;
}

ledger::Pool partitions_of(const std::string& stage) {
  ledger::Pool pool{stage, {}};
  for (unsigned partition = 0; partition < ledger::partition_count; ++partition)
    pool.duties.push_back(name_of_partition(stage, partition));
  return pool;
}

ledger::Pool streams_of(const std::string& stage, const std::set<std::string>& organisations) {
  ledger::Pool pool{stage + "/streams", {}};
  for (const auto& organisation : organisations)
    pool.duties.push_back(name_of_stream(stage, organisation));
  return pool;
}

} // namespace

std::string duty_of(std::string_view row, std::string_view stage) {
  return std::string(row) + '/' + std::string(stage);
}

bool Duties::want(const std::string& duty) {
  return wanted_.insert(duty).second;
}

bool Duties::want_share(const std::string& stage, const std::set<std::string>& streams, const Share& in_use) {
  const auto [found, is_new] = shared_.try_emplace(stage);
  auto& shared = found->second;
  const bool wants_more = is_new || shared.streams != streams;
  shared = {streams, in_use};
  return wants_more || !given_back().empty();
}

Share Duties::share_of(const std::string& stage) const {
  Share share;
  const auto shared = shared_.find(stage);
  if (shared == shared_.end()) return share;
  const auto may_begin = [this](const std::string& duty) {
    return has_.contains(duty) && !too_many_.contains(duty);
  };
  for (unsigned partition = 0; partition < ledger::partition_count; ++partition)
    share.partitions.set(partition, may_begin(name_of_partition(stage, partition)));
  for (const auto& organisation : shared->second.streams)
    if (may_begin(name_of_stream(stage, organisation))) share.streams.insert(organisation);
  return share;
}

/// What is beyond this engine's share, and nothing of it is under way.
std::vector<std::string> Duties::given_back() const {
  std::vector<std::string> free;
  const auto look_at = [&](const std::string& duty, bool is_in_use) {
    if (too_many_.contains(duty) && !is_in_use) free.push_back(duty);
  };
  for (const auto& [stage, shared] : shared_) {
    for (unsigned partition = 0; partition < ledger::partition_count; ++partition)
      look_at(name_of_partition(stage, partition), shared.in_use.partitions.test(partition));
    for (const auto& organisation : shared.streams)
      look_at(name_of_stream(stage, organisation), shared.in_use.streams.contains(organisation));
  }
  return free;
}

void Duties::tell(ledger::News& news) {
  news.duties = {wanted_.begin(), wanted_.end()};
  for (const auto& [stage, shared] : shared_) {
    news.pools.push_back(partitions_of(stage));
    if (!shared.streams.empty()) news.pools.push_back(streams_of(stage, shared.streams));
  }
  news.returned = given_back();
  for (const auto& duty : news.returned) {
    has_.erase(duty);
    too_many_.erase(duty);
  }
}

void Duties::hear(const ledger::Heard& heard) {
  has_ = {heard.duties.begin(), heard.duties.end()};
  too_many_ = {heard.too_many.begin(), heard.too_many.end()};
}

} // namespace dialogferry::engine
