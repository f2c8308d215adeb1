#pragma once

#include "dialogporten/model/uuid.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace altinn_sim::dialogporten {

/// A flat set of ids, 16 bytes a slot, at most three quarters full. In 64 parts, so that growing never moves
/// more than a 64th of it. The nil id is not stored: inserting it always succeeds.
class UuidSet {
public:
  /// False where the id is there already.
  bool insert(const Uuid& id);
  void erase(const Uuid& id);
  bool contains(const Uuid& id) const;
  std::size_t size() const;

private:
  struct Part {
    std::vector<Uuid> slots;
    std::size_t count = 0;
  };

  static std::size_t home(const Part& part, const Uuid& id);
  static std::size_t find(const Part& part, const Uuid& id);
  static void grow(Part& part);

  Part& part_of(const Uuid& id);
  const Part& part_of(const Uuid& id) const;

  std::array<Part, 64> parts_;
};

} // namespace altinn_sim::dialogporten
