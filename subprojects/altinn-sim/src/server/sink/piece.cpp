#include "piece.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace altinn_sim::sink {

namespace {

struct Kind {
  std::string_view name;
  std::size_t field;
  std::size_t size;
};

constexpr std::array kinds = {
    Kind{"@id@", offsetof(Fields, id), 36},           Kind{"@tail@", offsetof(Fields, id) + 8, 28},
    Kind{"@created@", offsetof(Fields, created), 28}, Kind{"@changed@", offsetof(Fields, changed), 27},
    Kind{"@party@", offsetof(Fields, party), 8},      Kind{"@number@", offsetof(Fields, number), 9},
    Kind{"@user@", offsetof(Fields, user), 8},        Kind{"@person@", offsetof(Fields, person), 11},
    Kind{"@message@", offsetof(Fields, message), 10}, Kind{"@dialog@", offsetof(Fields, dialog), 36},
    Kind{"@made@", offsetof(Fields, made), 28},       Kind{"@updated@", offsetof(Fields, updated), 28},
};

} // namespace

Piece::Piece(std::string_view source) {
  for (std::size_t mark = 0; (mark = source.find('@')) != std::string_view::npos;) {
    text_ += source.substr(0, mark);
    source.remove_prefix(mark);
    auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& each) {
      return source.substr(0, each.name.size()) == each.name;
    });
    if (kind == kinds.end()) throw std::logic_error("no such gap: " + std::string(source.substr(0, 10)));
    gaps_.push_back({text_.size(), kind->field, kind->size});
    text_.append(kind->size, '?');
    source.remove_prefix(kind->name.size());
  }
  text_ += source;
}

void Piece::append_to(std::string& out, const Fields& fields) const {
  auto begin = out.size();
  out += text_;
  auto* base = out.data() + begin;
  const auto* values = reinterpret_cast<const char*>(&fields);
  for (const auto& gap : gaps_)
    std::memcpy(base + gap.offset, values + gap.field, gap.size);
}

std::string with_head(std::string_view status, std::string_view headers, std::string_view body,
                      std::size_t body_size) {
  std::string answer = "HTTP/1.1 ";
  answer += status;
  answer += "\r\n";
  answer += headers;
  answer += "Content-Length: " + std::to_string(body_size) + "\r\n\r\n";
  return answer += body;
}

} // namespace altinn_sim::sink
