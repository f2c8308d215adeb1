#include <dialogferry/codec/arena.hpp>
#include <dialogferry/codec/document.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <string>

using namespace dialogferry::codec;

TEST_CASE("what lies in an arena stays where it is while it grows and when it moves") {
  std::array<std::byte, 16> first{};
  Arena arena(first);
  std::vector<std::string_view> texts;
  for (int i = 0; i < 1000; ++i)
    texts.push_back(arena.store("text " + std::to_string(i)));
  const Arena moved = std::move(arena);
  for (int i = 0; i < 1000; ++i)
    CHECK(texts[static_cast<std::size_t>(i)] == "text " + std::to_string(i));
}

TEST_CASE("lists in an arena are aligned and begin as their values do by default") {
  Arena arena;
  for (int i = 0; i < 100; ++i) {
    arena.store("x");
    const auto list = arena.make<std::uint64_t>(static_cast<std::size_t>(i));
    CHECK(reinterpret_cast<std::uintptr_t>(list.data()) % alignof(std::uint64_t) == 0);
    for (const auto value : list)
      CHECK(value == 0);
  }
}

TEST_CASE("parts are joined, and what was taken too much can be given back") {
  Arena arena;
  CHECK(arena.join({"a", "", "bc"}) == "abc");
  char* text = arena.characters(100);
  text[0] = 'x';
  arena.shrink(text + 1);
  CHECK(arena.characters(1) == text + 1);
  CHECK(arena.store("").empty());
  CHECK(arena.make<int>(0).empty());
}

TEST_CASE("a value larger than any chunk fits") {
  Arena arena;
  const std::string large(100'000, 'x');
  CHECK(arena.store(large) == large);
}

TEST_CASE("a document has room behind its end and keeps its characters when it moves") {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 63U, 64U, 4096U}) {
    Document document(std::string(size, 'x'));
    CHECK(document.view().text.size() == size);
    CHECK(document.view().padding >= json_padding);
    const auto* before = document.text().data();
    const Document moved = std::move(document);
    CHECK(moved.text().data() == before);
  }
}
