#include <dialogferry/engine/carry/waiting.hpp>
#include <dialogferry/engine/history/progress.hpp>

#include <iterator>

namespace dialogferry::engine {

std::uint64_t Progress::begin(std::vector<Entry> entries, Checkpoint checkpoint) {
  Batch batch;
  for (const auto& entry : entries)
    batch.read.add(entry.id, entry.last_changed);
  batch.waiting = entries.size();
  batch.finished.resize(entries.size());
  in_flight_ += entries.size();
  waiting_ += entries.size();
  batch.entries = std::move(entries);
  batch.checkpoint = std::move(checkpoint);
  batches_.push_back(std::move(batch));
  return first_ + batches_.size() - 1;
}

bool Progress::finish(std::uint64_t number, std::uint32_t index, RecordResult result) {
  if (number < first_ || number - first_ >= batches_.size()) return false;
  auto& batch = batches_[number - first_];
  if (index >= batch.entries.size() || batch.finished[index]) return false;
  batch.finished[index] = true;
  --batch.waiting;
  --waiting_;
  ++batch.counts[result.outcome];
  const auto& entry = batch.entries[index];
  if (acknowledged(result.outcome)) batch.acknowledged.add(entry.id, entry.last_changed);
  if (result.failure) batch.failures.push_back(std::move(*result.failure));
  if (result.again) batch.again.push_back(std::move(*result.again));
  if (result.handed) batch.handed.push_back(*result.handed);
  return true;
}

std::optional<ledger::Commit> Progress::take_finished() {
  if (batches_.empty() || batches_.front().waiting > 0) return std::nullopt;
  ledger::Commit commit;
  commit.key = key_;
  while (!batches_.empty() && batches_.front().waiting == 0) {
    auto& batch = batches_.front();
    in_flight_ -= batch.entries.size();
    commit.checkpoint = std::move(batch.checkpoint);
    commit.counts += batch.counts;
    commit.digest_read += batch.read;
    commit.digest_acked += batch.acknowledged;
    std::move(batch.failures.begin(), batch.failures.end(), std::back_inserter(commit.failures));
    commit.handed.insert(commit.handed.end(), batch.handed.begin(), batch.handed.end());
    for (auto& look : batch.again)
      commit.wake_ups.push_back(wake_up_of(
          key_.row, key_.stage,
          {std::move(look.record_id), look.why, 0, key_, std::nullopt, std::move(look.held)}, look.due));
    batches_.pop_front();
    ++first_;
  }
  return commit;
}

} // namespace dialogferry::engine
