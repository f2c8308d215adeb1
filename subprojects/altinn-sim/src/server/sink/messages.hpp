#pragma once

#include "history.hpp"
#include "http_server.hpp"
#include "piece.hpp"

#include <memory>

namespace altinn_sim::sink {

/// The archive of Altinn 2 and the migration API of Correspondence, out of precomputed pieces: messages that
/// differ in ids, times and people alone, files whose bytes are one piece over and over, ids that follow from
/// what was sent. Safe to use from several threads.
class Messages {
public:
  struct Shape {
    double attachments = 0.05; ///< share of messages with a file
    std::uint64_t attachment_size = 50'000;
  };

  Messages(const History::Extent& extent, const Shape& shape);

  /// Appends the whole answer, head and body, and returns its status; 0 where the path is none of theirs.
  int answer(const Incoming& request, std::string_view path, std::string& out, std::size_t& endpoint) const;

  /// The body of a file, where the path is one's.
  std::shared_ptr<const Bytes> file(std::string_view path, std::size_t& endpoint) const;

private:
  Fields fields_of(std::uint64_t rank) const;
  bool has_file(std::uint64_t rank) const;
  const Piece& piece_of(std::uint64_t rank) const { return has_file(rank) ? with_file_ : plain_; }
  std::optional<std::uint64_t> rank_of(std::string_view id) const;
  int list(const Incoming& request, std::string& out) const;
  int single(std::string_view id, std::string& out) const;

  History history_;
  double attachments_;
  std::shared_ptr<const Bytes> file_;
  Piece plain_;
  Piece with_file_;
  std::size_t list_endpoint_, single_endpoint_, file_endpoint_;
};

} // namespace altinn_sim::sink
