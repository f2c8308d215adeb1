#include <dialogferry/engine/verify/merge.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine::verify {

namespace {

/// Whether a head comes before another: the later first, of equal times the greater id.
bool comes_before(const Head& left, const Head& right) {
  return left.updated != right.updated ? left.updated > right.updated : left.dialog > right.dialog;
}

Suspect suspect(Suspect::Side side, const Head& head) {
  return {side, head.record, head.dialog};
}

} // namespace

void Merge::Run::add(std::vector<Head> more) {
  if (!std::is_sorted(more.begin(), more.end(), comes_before))
    std::sort(more.begin(), more.end(), comes_before);
  if (left() == 0) {
    heads = std::move(more);
  } else {
    heads.erase(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(at));
    heads.insert(heads.end(), more.begin(), more.end());
  }
  at = 0;
}

void Merge::add_source(std::vector<Head> heads) {
  source_.add(std::move(heads));
}

void Merge::add_target(std::vector<Head> heads) {
  target_.add(std::move(heads));
}

void Merge::advance(std::vector<Suspect>& suspects) {
  const auto is_known = [](const Run& run) { return run.left() > 0 || run.ended; };
  while (is_known(source_) && is_known(target_) && !done()) {
    if (target_.left() == 0) {
      suspects.push_back(suspect(Suspect::Side::source, source_.heads[source_.at++]));
      continue;
    }
    if (source_.left() == 0) {
      suspects.push_back(suspect(Suspect::Side::target, target_.heads[target_.at++]));
      continue;
    }
    const auto& source = source_.heads[source_.at];
    const auto& target = target_.heads[target_.at];
    if (source.updated == target.updated && source.dialog == target.dialog) {
      ++pairs_;
      if (!agree(source, target)) suspects.push_back(suspect(Suspect::Side::both, target));
      ++source_.at;
      ++target_.at;
    } else if (comes_before(source, target)) {
      suspects.push_back(suspect(Suspect::Side::source, source));
      ++source_.at;
    } else {
      suspects.push_back(suspect(Suspect::Side::target, target));
      ++target_.at;
    }
  }
}

} // namespace dialogferry::engine::verify
