#pragma once

#include <dialogferry/engine/share.hpp>
#include <dialogferry/ledger/engines.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// What this engine does for all engines, and its share of what they divide among themselves
/// (ledger/engines.hpp): what it wants, what it has, and what it gives back once nothing of it is under way.
/// Without any I/O.
class Duties {
public:
  /// Wants to be the one engine that does this. True where that is to be told.
  bool want(const std::string& duty);
  bool has(const std::string& duty) const { return has_.contains(duty); }
  const std::set<std::string>& all() const { return has_; }

  /// Wants a share of a live stage (duty_of()): of its partitions, and of these streams. `in_use` is what
  /// work is under way of. True where there is something to tell.
  bool want_share(const std::string& stage, const std::set<std::string>& streams, const Share& in_use);
  /// What may be begun of a live stage.
  Share share_of(const std::string& stage) const;

  /// Adds what is wanted, and what is given back with it: that is had no more.
  void tell(ledger::News& news);
  void hear(const ledger::Heard& heard);

private:
  struct Shared {
    std::set<std::string> streams;
    Share in_use;
  };

  std::vector<std::string> given_back() const;

  std::set<std::string> wanted_;
  std::map<std::string, Shared> shared_; ///< by stage
  std::set<std::string> has_;
  std::set<std::string> too_many_; ///< of these
};

/// The duty to carry the single records of a stage, and everything of a live row that is not shared
/// (AwaitDuty).
std::string duty_of(std::string_view row, std::string_view stage);

} // namespace dialogferry::engine
