#pragma once

#include <dialogferry/engine/verify/head.hpp>

#include <cstddef>
#include <vector>

namespace dialogferry::engine::verify {

/// What is to be looked at by itself: one side has it, or both do and differ. It is no difference yet: the
/// record may have changed between the two readings, or be listed where its time does not say.
struct Suspect {
  enum class Side : std::uint8_t {
    source, ///< alone has it
    target, ///< alone has it
    both,   ///< have it, and differ
    listed, ///< the source has it; of the target nothing is known yet
  };
  Side side = Side::source;
  RecordName record;
  Uuid dialog; ///< that the target has; otherwise that it should have

  bool operator==(const Suspect&) const = default;
};

/// Compares two streams of heads, both newest first by (updated, dialog): what is equal goes by, what is not
/// becomes a suspect. Holds what one side has read ahead of the other, and nothing else; memory does not grow
/// with the day. Pure: who reads the sides hands their pages in.
class Merge {
public:
  /// The next ones of a side; sorted here, as the source keeps no order among equal times.
  void add_source(std::vector<Head> heads);
  void add_target(std::vector<Head> heads);

  /// Nothing more comes of a side.
  void end_source() { source_.ended = true; }
  void end_target() { target_.ended = true; }

  /// Compares as far as both sides are known; what is suspicious goes behind `suspects`.
  void advance(std::vector<Suspect>& suspects);

  /// Whether advance() has come to the end of both sides.
  bool done() const { return is_over(source_) && is_over(target_); }

  /// Heads that wait for the other side.
  std::size_t source_waiting() const { return source_.left(); }
  std::size_t target_waiting() const { return target_.left(); }

  /// Pairs seen so far, those that differ too.
  std::uint64_t pairs() const { return pairs_; }

private:
  struct Run {
    std::vector<Head> heads;
    std::size_t at = 0;
    bool ended = false;

    std::size_t left() const { return heads.size() - at; }
    void add(std::vector<Head> more);
  };

  static bool is_over(const Run& run) { return run.ended && run.left() == 0; }

  Run source_;
  Run target_;
  std::uint64_t pairs_ = 0;
};

} // namespace dialogferry::engine::verify
