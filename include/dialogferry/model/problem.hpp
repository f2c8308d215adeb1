#pragma once

#include <string>

namespace dialogferry {

/// Why something could not be done, for people and for the exception list. Holds no token and no national
/// identity number.
struct Problem {
  std::string member;  ///< what it is about: a JSON member ("instance.created"), a configuration key, a rule
  std::string message; ///< what is wrong with it, a short sentence without a full stop
  std::string hint;    ///< what to do next; may be empty

  bool operator==(const Problem&) const = default;
};

} // namespace dialogferry
