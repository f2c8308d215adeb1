#pragma once

#include <cstddef>
#include <string_view>

namespace fuzz {

/// Throws std::logic_error with the property's words where it does not hold.
void require(bool holds, std::string_view property);

/// The text is one JSON value, in UTF-8.
void require_json(std::string_view text);

/// A body of ours that Dialogporten can take: JSON without U+0000, no attachment or address id twice, and,
/// where it is `all_ours`, every text within its limit.
void require_dialog(std::string_view body, bool all_ours);

/// Measures the most memory that is in use at once while it lives.
class Memory {
public:
  Memory();

  /// Throws std::logic_error where it was out of proportion to an input of this size.
  void require_proportion(std::size_t input_size) const;

private:
  std::size_t before_;
};

} // namespace fuzz
