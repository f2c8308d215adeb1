#pragma once

#include <dialogferry/engine/messages.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace dialogferry::engine {

/// The requests that one decision costs, one after another, without any I/O: request() says what to send
/// next, its answer goes into on_answer(). A dialog that is there already is looked at before anything is
/// concluded (dialogporten.md 8): ours by its label, it counts as an earlier attempt; anybody else's is a
/// failure.
class UploadSteps {
public:
  explicit UploadSteps(Upload upload);

  /// The request to send now. Its bytes are shared, so that a retry sends the same again.
  std::shared_ptr<const http::Request> request() const;
  http::Operation operation() const;

  /// The answer to request(). Nothing while there is more to send.
  std::optional<Uploaded> on_answer(const Answered& answered);

  const Uuid& dialog() const { return upload_.decision->dialog_id; }
  Priority priority() const { return upload_.priority; }

private:
  static constexpr std::uint32_t most_looks = 5; ///< decisions.md D-9

  std::optional<Uploaded> on_call_answered(const Answered& answered);
  std::optional<Uploaded> on_looked(const Answered& answered);
  std::optional<Uploaded> next_call();
  std::optional<Uploaded> look();
  Uploaded failed(const Answered& answered) const;
  Uploaded failed(std::string member, std::string message) const;
  mapping::Call call() const { return upload_.decision->calls[step_]; }

  Upload upload_;
  std::size_t step_ = 0;   ///< index into the decision's calls
  std::size_t saved_ = 0;  ///< index into the decision's saved times
  bool looking_ = false;   ///< a GET of the dialog is under way
  bool was_there_ = false; ///< the dialog existed before we sent anything of use
  std::uint32_t looks_ = 0;
  std::uint32_t attempts_ = 0;
  std::string revision_;
};

} // namespace dialogferry::engine
