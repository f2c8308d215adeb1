#pragma once

/// The only place that knows which CAF this is, but for the scheduling policy behind io_scheduler.hpp.
/// Everything else of the engine names the framework through these aliases, so that a move to CAF 1.x (where
/// typed_actor takes function signatures) changes this header.

#include <caf/all.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

static_assert(CAF_VERSION >= 1706 && CAF_VERSION < 1800, "written for CAF 0.17.6 (Debian 12)");

namespace dialogferry::engine {

/// Declares a message that stays inside the process: no serialization, copied on write. Use at global scope.
#define DIALOGFERRY_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)

/// An actor interface as a list of what it takes.
template <class... Signatures>
using actor_of = caf::typed_actor<Signatures...>;

/// Takes `In`, answers nothing.
template <class... In>
using takes = caf::reacts_to<In...>;

/// Takes `In`, answers `Out`.
template <class In, class Out>
using answers = typename caf::replies_to<In>::template with<Out>;

/// Makes whoever gets it fail as a defect would: by an exception out of a handler. Every actor takes it, for
/// tests and drills; Roster::fail() sends it.
struct Defect {
  std::string what;
};

/// What an actor fails with by this exception: its text, for the one who reads why the engine ended.
inline caf::error defect_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& defect) {
    return caf::make_error(caf::sec::runtime_error, std::string(defect.what()));
  } catch (...) {
    return caf::make_error(caf::sec::runtime_error, std::string("an exception without a text"));
  }
}

/// Why an actor ended, in words.
inline std::string text_of(const caf::error& reason) {
  if (reason.context().match_elements<std::string>()) return reason.context().get_as<std::string>(0);
  return caf::to_string(reason);
}

/// What promises are answered with when their actor ends: CAF answers nobody (observed with 0.17.6).
inline caf::error ended_unanswered() {
  return caf::make_error(caf::sec::request_receiver_down);
}

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Defect)

namespace dialogferry::engine {

/// Base of every actor of the engine: says with which words it failed.
template <class Handle>
class actor_base : public Handle::base {
public:
  explicit actor_base(caf::actor_config& config)
      : Handle::base(config) {
    this->set_exception_handler([](std::exception_ptr& thrown) { return defect_of(thrown); });
    this->set_default_handler([](caf::scheduled_actor* self, caf::message_view& unknown) {
      const auto message = unknown.copy_content_to_message();
      if (message.match_elements<Defect>()) throw std::runtime_error(message.get_as<Defect>(0).what);
      return caf::print_and_drop(self, unknown);
    });
  }
};

} // namespace dialogferry::engine
