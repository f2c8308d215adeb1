#pragma once

#include <dialogferry/model/problem.hpp>

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace dialogferry {

/// What a step that can fail in the world returns: the value, or a Problem that says why not.
template <class T>
using Result = tl::expected<T, Problem>;

/// Makes the failed side of a Result: `return fail("instance.created", "is missing");`
inline tl::unexpected<Problem> fail(std::string member, std::string message, std::string hint = {}) {
  return tl::unexpected<Problem>(Problem{std::move(member), std::move(message), std::move(hint)});
}

} // namespace dialogferry
