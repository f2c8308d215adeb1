#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace dialogferry::engine::verify {

/// Fingerprints of the URNs of parties, shared by all that compare: a day of a million records has many
/// owners, and each is asked for once. 16 bytes a party, at most `most` of them; when it is full it begins
/// anew. May be used from any thread.
class PartyBook {
public:
  static constexpr std::size_t most = 1 << 19;

  /// Puts the fingerprints of these parties, 0 for one that Register does not know, into `out`, in their
  /// order. The ones that are not in the book go behind `missing`, each once.
  void find(std::span<const std::int64_t> parties, std::vector<std::uint64_t>& out,
            std::vector<std::int64_t>& missing) const;

  /// Notes what was asked for; 0 where Register does not know a party.
  void put(std::span<const std::pair<std::int64_t, std::uint64_t>> found);

private:
  struct Slot {
    std::int64_t party = 0; ///< 0: free
    std::uint64_t urn = 0;
  };

  std::size_t slot_of(std::int64_t party) const;
  void grow();

  mutable std::mutex mutex_;
  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t used_ = 0;
};

} // namespace dialogferry::engine::verify
