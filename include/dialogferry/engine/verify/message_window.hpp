#pragma once

#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/history/scan.hpp>
#include <dialogferry/engine/listing/pages.hpp>
#include <dialogferry/engine/verify/day_window.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace dialogferry::engine::verify {

/// Lists the messages of a part of a day, newest first, by the loss-free scan: each is looked at by itself,
/// for a search of the target shows nobody's messages as they were before they were carried. One that was
/// deleted for good is none of what must be there, nor is one that cannot be read: an exception of its own.
class MessageWindow : public actor_base<window_actor> {
public:
  MessageWindow(caf::actor_config& config, Window window, std::shared_ptr<const WindowSetup> setup,
                verifier_actor parent);
  const char* name() const override { return "message window"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  void go_on();
  void ask(const ListQuery& query);
  void on_page(const ListQuery& query, const Answered& answered);
  Result<std::optional<ScanBatch>> take(const ListQuery& query, codec::Page page);
  void take_rows(const ScanBatch& batch);
  void take_row(const codec::Row& row);
  void deliver();
  void end(std::optional<Problem> problem = {});

  Window window_;
  std::shared_ptr<const WindowSetup> setup_;
  verifier_actor parent_;
  Scan scan_;
  WindowEnded tally_;
  std::vector<Suspect> found_; ///< of one page
  std::optional<codec::Page> page_;
  std::optional<codec::Page> tie_;
  codec::Parser parser_;
  bool busy_ = false; ///< an answer is awaited
  bool over_ = false;
  bool ended_ = false;
};

} // namespace dialogferry::engine::verify
