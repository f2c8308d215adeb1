#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim {

/// Throws std::invalid_argument: which member is wrong and what is allowed.
[[noreturn]] void refuse(std::string_view member, std::string_view allowed);

/// One JSON object of an order to the simulator, read member by member; what nobody asked for is refused in
/// the end. A refusal is a std::invalid_argument.
class JsonReader {
public:
  /// `what` names the object itself in a refusal.
  JsonReader(const boost::json::value& source, std::string_view what);

  /// Null where the member is absent.
  const boost::json::value* find(std::string_view name);
  std::optional<std::string> text(std::string_view name, std::string_view allowed);
  double number(std::string_view name, double otherwise, double low, double high, std::string_view allowed);
  bool flag(std::string_view name, bool otherwise = false);
  /// A text such as "2s".
  std::chrono::milliseconds duration(std::string_view name, std::chrono::milliseconds otherwise);
  /// One of some words, as its position.
  std::size_t choice(std::string_view name, std::initializer_list<std::string_view> words,
                     std::size_t otherwise);
  /// Refuses members that were not asked for.
  void finish() const;

private:
  const boost::json::object* members_ = nullptr;
  std::vector<std::string> known_;
};

} // namespace altinn_sim
