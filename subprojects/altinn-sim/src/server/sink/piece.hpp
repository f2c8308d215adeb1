#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::sink {

/// What differs from record to record, as text of a fixed width; in templates it stands as "@id@", "@tail@" …
struct Fields {
  std::array<char, 36> id{};      ///< @id@; @tail@ stands for its last 28 characters, "-0000-…"
  std::array<char, 28> created{}; ///< @created@ "2025-01-02T03:04:05.1234567Z"
  std::array<char, 27> changed{}; ///< @changed@ "2025-01-02T03:04:05.123456Z"
  std::array<char, 8> party{};    ///< @party@
  std::array<char, 9> number{};   ///< @number@, the party's organisation number
  std::array<char, 8> user{};     ///< @user@
  std::array<char, 11> person{};  ///< @person@, the user's identity number
  std::array<char, 10> message{}; ///< @message@, an Altinn 2 message's id
  std::array<char, 36> dialog{};  ///< @dialog@, the id of its dialog
  std::array<char, 28> made{};    ///< @made@ "2025-01-02T03:04:05.1234560Z": `created` as a dialog has it
  std::array<char, 28> updated{}; ///< @updated@ "2025-01-02T03:04:05.1234560Z": `changed` as a dialog has it
};

/// A text with gaps, precomputed: writing it costs a copy, and a small one for each gap.
class Piece {
public:
  Piece() = default;

  /// Finds the gaps of a template.
  explicit Piece(std::string_view source);

  std::size_t size() const { return text_.size(); }
  void append_to(std::string& out, const Fields& fields) const;

private:
  struct Gap {
    std::size_t offset;
    std::size_t field; ///< where the value stands in Fields
    std::size_t size;
  };

  std::string text_;
  std::vector<Gap> gaps_;
};

/// A complete answer around a body: status line, length, headers ("Name: value\r\n" each).
std::string with_head(std::string_view status, std::string_view headers, std::string_view body,
                      std::size_t body_size);

} // namespace altinn_sim::sink
