#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace dialogferry::ledger {

/// Hears of events that other engines have noted, as long as it lives. A word may get lost, or come for
/// nothing: who carries a row looks into its inbox now and then all the same.
class Listener {
public:
  virtual ~Listener() = default;
};

/// `told` is called with the id of a row, from a thread of the listener's own. Null for a ledger in a file,
/// which has one engine.
std::unique_ptr<Listener> listen(const std::string& url, std::function<void(std::string_view row)> told);

} // namespace dialogferry::ledger
