#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>

namespace altinn_sim::correspondence::testing {

/// Compares what was made with what a golden case expects, by the rules of its README; where they differ it
/// says at which member and how.
class Comparison {
public:
  /// Empty where they are equal.
  std::string difference(const boost::json::value& expected, const boost::json::value& made,
                         const std::string& at = "$");

private:
  std::string of_objects(const boost::json::object& expected, const boost::json::object& made,
                         const std::string& at);
  std::string of_lists(const boost::json::array& expected, const boost::json::array& made,
                       const std::string& at);
  std::string unordered(const boost::json::array& expected, const boost::json::array& made,
                        const std::string& at);

  std::map<std::string, std::string> ids_; ///< by label
};

} // namespace altinn_sim::correspondence::testing
