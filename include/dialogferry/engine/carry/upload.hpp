#pragma once

#include <dialogferry/engine/actors.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace dialogferry::engine {

/// What one upload costs, step by step and without any I/O: next() says what to do, its answer goes into
/// on_answer() or on_mapped(). Where the target has something else than the decision expected, the record is
/// mapped anew against what is there (decisions.md D-9), so that nothing is concluded from a guess.
class UploadSteps {
public:
  explicit UploadSteps(Upload upload);

  enum class Next : std::uint8_t {
    map,      ///< ask question()
    store_id, ///< send request() to Storage: the dialog's id goes into the instance (M-6)
    call,     ///< send request() to Dialogporten
  };
  Next next() const;

  MapAnew question() const;

  /// How long to wait before question() is asked: nothing the first time, then longer and longer, so that who
  /// is in the way comes to an end. `random01` spreads it.
  std::chrono::milliseconds pause(double random01) const;

  /// The request to send now. Its bytes are shared, so that a retry sends the same again; the body is not
  /// copied for it.
  std::shared_ptr<const http::Request> request();
  http::Operation operation() const;

  /// The answer to request(), and to question(). Nothing while there is more to do.
  std::optional<Uploaded> on_answer(const Answered& answered);
  std::optional<Uploaded> on_mapped(const MappedAnew& mapped);

  /// The decision is out of date: the record is mapped anew before anything is sent.
  void map_first() { upload_.decision = nullptr; }

  const Upload& upload() const { return upload_; }

private:
  static constexpr std::uint32_t most_readings = 6; ///< the first, and five more (decisions.md D-9)

  std::optional<Uploaded> on_call_answered(const Answered& answered);
  std::optional<Uploaded> next_call();
  std::optional<Uploaded> read_again(const Answered& answered);
  void begin_decision();
  http::Request make_request();
  Uploaded done() const;
  Uploaded failed(const Answered& answered) const;
  Uploaded failed(Problem problem) const;
  void tell_what_was_read(Uploaded& uploaded) const;
  mapping::Call call() const { return upload_.decision->calls[step_]; }

  Upload upload_;
  std::size_t step_ = 0;        ///< index into the decision's calls
  std::size_t saved_ = 0;       ///< index into the decision's saved times
  bool storing_ = false;        ///< the dialog's id is to be written back first
  bool stored_in_vain_ = false; ///< that failed once
  bool created_ = false;        ///< a call before the last mapping
  bool restored_ = false;       ///< likewise
  bool may_be_created_ = false; ///< the last create may have been done: what is found is its work
  std::uint32_t readings_ = 0;
  std::uint32_t attempts_ = 0;
  std::string revision_;
  std::shared_ptr<const http::Request> request_; ///< of this step, once asked for
  std::optional<SecondLook> again_;
  Instant last_changed_;
  std::string organisation_;
  Seen seen_;
  bool nothing_new_ = false;
};

} // namespace dialogferry::engine
