#pragma once

#include <dialogferry/mapping/mapper.hpp>

namespace dialogferry::mapping {

/// What is to become of the dialog, before anything is built (M-3 to M-5, decisions.md).
enum class Course : std::uint8_t {
  nothing,
  exclude,
  later,
  purge,
  remove,
  create,
  create_and_remove, ///< a soft-deleted form that was never seen
  update,
  restore_and_update,
};

struct CourseTaken {
  Course course = Course::nothing;
  std::string_view reason;              ///< a short sentence for people
  Outcome outcome = Outcome::unchanged; ///< if nothing more is found out
};

/// The course for a record whose dialog id is settled.
Result<CourseTaken> choose_course(const Input& input);

} // namespace dialogferry::mapping
