#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace dialogferry::codec {

/// Memory for the texts and lists of one value, given back all at once: one record costs one or two
/// allocations however many parts it has. Move-only; what lies in it stays where it is.
class Arena {
public:
  Arena() = default;
  /// Starts with memory of the caller's, which must outlive the arena.
  explicit Arena(std::span<std::byte> first)
      : at_(first.data())
      , end_(first.data() + first.size()) {}

  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() = default;

  /// Room for `size` characters; see shrink().
  char* characters(std::size_t size) { return reinterpret_cast<char*>(allocate(size, 1)); }

  /// Gives back the tail of the last characters() call: everything from `end` on.
  void shrink(char* end) { at_ = reinterpret_cast<std::byte*>(end); }

  /// A copy of the text.
  std::string_view store(std::string_view text) {
    if (text.empty()) return "";
    char* to = characters(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// The parts one after another.
  std::string_view join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const auto part : parts)
      size += part.size();
    char* const first = characters(size);
    char* to = first;
    for (const auto part : parts)
      to = std::copy(part.begin(), part.end(), to);
    return {first, size};
  }

  /// `count` values, each as T{}.
  template <class T>
  std::span<T> make(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer
    auto* first = reinterpret_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  /// A copy of the list.
  template <class T>
  std::span<const T> store(std::span<const T> list) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto copy = make<T>(list.size());
    std::copy(list.begin(), list.end(), copy.begin());
    return copy;
  }

private:
  static constexpr std::size_t chunk_size = 2048;

  std::byte* allocate(std::size_t size, std::size_t alignment) {
    void* at = at_;
    auto room = static_cast<std::size_t>(end_ - at_);
    if (at_ == nullptr || std::align(alignment, size, at, room) == nullptr) return grow(size);
    at_ = static_cast<std::byte*>(at) + size;
    return static_cast<std::byte*>(at);
  }

  std::byte* grow(std::size_t size) {
    const auto room = std::max(chunk_size, size);
    // make_unique_for_overwrite leaves the bytes as they are; alignment is that of operator new[].
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(room));
    at_ = chunks_.back().get() + size;
    end_ = chunks_.back().get() + room;
    return chunks_.back().get();
  }

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
};

} // namespace dialogferry::codec
