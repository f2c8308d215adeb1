#pragma once

#include <dialogferry/engine/moment.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// A party or a user, by its number at Register.
struct PersonKey {
  std::int64_t id = 0;
  bool is_user = false;

  bool operator==(const PersonKey&) const = default;
};

/// A URN, which may be empty: known, without anything to make one of (M-50); nothing: Register does not know
/// them.
using KnownUrn = std::optional<std::string>;

/// Who parties and users are, shared by all that carry, so that nobody is asked for twice: what Register said
/// holds for `age` (M-36). Takes 24 bytes each, for at most `most` of them; when it is full it begins anew.
/// May be used from any thread.
class PeopleBook {
public:
  static constexpr std::size_t most = 1 << 16;

  explicit PeopleBook(Moment age)
      : age_(age) {}

  /// What Register said; nothing: nothing yet, or too long ago.
  std::optional<KnownUrn> find(PersonKey key, Moment now) const;

  /// Register has said it now. Of numbers beyond 2^60, which nobody has, nothing is kept.
  void put(PersonKey key, const KnownUrn& urn, Moment now);

private:
  struct Slot {
    std::uint64_t key = 0; ///< 0: free
    std::uint64_t urn = 0; ///< see pack()
    Moment until{};
  };

  std::size_t slot_of(std::uint64_t key) const;
  std::uint64_t pack(const KnownUrn& urn, std::uint64_t before);
  KnownUrn unpack(std::uint64_t packed) const;
  void make_room();

  const Moment age_;
  mutable std::mutex mutex_; ///< of all below
  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t used_ = 0;
  std::vector<std::string> others_; ///< URNs that are no number behind a known prefix
};

} // namespace dialogferry::engine
