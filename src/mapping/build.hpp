#pragma once

#include "frame.hpp"
#include "prepared.hpp"
#include "status.hpp"

#include <optional>
#include <span>

namespace dialogferry::mapping {

/// Everything the parts of one dialog are made from. Their texts and lists go into `arena`.
struct Material {
  const Mapper::Impl& mapper;
  const Input& input;
  const codec::Instance& instance;
  const codec::InstanceStatus& status;
  const codec::Events& events;
  const PreparedApplication::Parts& application;
  Uuid dialog_id;
  bool silent = false; ///< history, or a form that is deleted again at once (M-57)
  DerivedStatus derived = DerivedStatus::awaiting_initial_user_input;
  codec::Arena& arena;

  const codec::SyncSwitches& switches() const { return application.application.switches; }
  codec::OptionalText task_element() const {
    return instance.task ? instance.task->element_id : std::nullopt;
  }
  TextState text_state() const { return {task_element(), derived}; }
};

// -- parts (section 5 of the rules) -------------------------------------------

/// 5.4, without the switches.
Result<codec::Content> build_content(const Material& material);

/// 5.6
std::span<const codec::GuiAction> build_gui_actions(const Material& material);
std::span<const codec::ApiAction> build_api_actions(const Material& material);

/// 5.8
struct Activities {
  std::span<const codec::Activity> list;
  std::uint32_t left_out = 0; ///< of events whose user tells nothing (observed.md OR-12)
};

Result<Activities> build_activities(const Material& material);

/// 5.7: the files of an instance, on the dialog and in its submissions.
struct Files {
  std::span<const codec::Attachment> attachments;
  std::span<const codec::Transmission> transmissions; ///< those that are not stored yet
  std::optional<Instant> retry_at;                    ///< when the first one held back goes out (D-3)
};

Result<Files> build_files(const Material& material, std::span<const codec::Activity> activities);

/// The button that leads to the form or its receipt, and whether an action is one of ours (M-42).
Uuid go_to_id(const Uuid& dialog_id);
Uuid delete_id(const Uuid& dialog_id);
Uuid copy_id(const Uuid& dialog_id);

// -- the whole ----------------------------------------------------------------

/// A dialog as it would be created, before the switches that leave parts out.
struct Built {
  codec::DialogBody body;
  std::uint32_t activities_left_out = 0; ///< Activities::left_out
  std::optional<Instant> retry_at;
};

Result<Built> build_body(const Material& material);

/// The members that are given once and never again (M-57).
codec::DialogOrigin build_origin(const Material& material);

/// Leaves out what the application's switches leave out of a new dialog (M-55, M-103).
void apply_create_switches(const Material& material, codec::DialogBody& body);

} // namespace dialogferry::mapping
