#include <dialogferry/engine/carry/people_book.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dialogferry::engine {

namespace {

/// How a URN is packed: what it is in the lowest bits, a number above.
enum Kind : std::uint64_t { unknown, other, person, organisation };
constexpr unsigned kind_bits = 2;

/// URNs that are a number of so many digits behind a prefix.
struct Numbered {
  Kind kind;
  std::string_view prefix;
  std::size_t digits;
};
constexpr std::array numbered{Numbered{person, "urn:altinn:person:identifier-no:", 11},
                              Numbered{organisation, "urn:altinn:organization:identifier-no:", 9}};

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// Numbers beyond would be taken for others.
constexpr std::int64_t largest_id = std::int64_t{1} << 60;

bool is_too_large(PersonKey key) {
  return key.id > largest_id || key.id < -largest_id;
}

/// Never 0.
std::uint64_t packed_key(PersonKey key) {
  return (static_cast<std::uint64_t>(key.id) << 2U) | (key.is_user ? 3U : 1U);
}

} // namespace

std::optional<KnownUrn> PeopleBook::find(PersonKey key, Moment now) const {
  if (is_too_large(key)) return std::nullopt;
  const auto wanted = packed_key(key);
  const std::lock_guard lock(mutex_);
  const auto& slot = slots_[slot_of(wanted)];
  if (slot.key != wanted || now >= slot.until) return std::nullopt;
  return unpack(slot.urn);
}

void PeopleBook::put(PersonKey key, const KnownUrn& urn, Moment now) {
  if (is_too_large(key)) return;
  const auto wanted = packed_key(key);
  const std::lock_guard lock(mutex_);
  auto at = slot_of(wanted);
  if (slots_[at].key == 0) {
    make_room();
    at = slot_of(wanted);
    ++used_;
  }
  slots_[at] = {wanted, pack(urn, slots_[at].urn), now + age_};
}

/// Where a key stands, or would.
std::size_t PeopleBook::slot_of(std::uint64_t key) const {
  const auto mask = slots_.size() - 1;
  auto at = static_cast<std::size_t>(key * 0x9e3779b97f4a7c15ULL >> 32U) & mask;
  while (slots_[at].key != 0 && slots_[at].key != key)
    at = (at + 1) & mask;
  return at;
}

/// `before` is what stood there, whose place among the others is used again.
std::uint64_t PeopleBook::pack(const KnownUrn& urn, std::uint64_t before) {
  if (!urn) return unknown;
  const std::string_view text = *urn;
  for (const auto& [kind, prefix, digits] : numbered) {
    if (text.size() != prefix.size() + digits || !text.starts_with(prefix)) continue;
    if (const auto number = number_of(text.substr(prefix.size()))) return (*number << kind_bits) | kind;
  }
  if ((before & 3U) != other) {
    before = (others_.size() << kind_bits) | other;
    others_.emplace_back();
  }
  others_[before >> kind_bits] = text;
  return before;
}

KnownUrn PeopleBook::unpack(std::uint64_t packed) const {
  const auto kind = static_cast<Kind>(packed & 3U);
  const auto value = packed >> kind_bits;
  if (kind == unknown) return std::nullopt;
  if (kind == other) return others_[value];
  const auto& form = *std::find_if(numbered.begin(), numbered.end(),
                                   [kind](const Numbered& each) { return each.kind == kind; });
  std::string urn;
  urn.reserve(form.prefix.size() + form.digits);
  urn += form.prefix;
  const auto digits = std::to_string(value);
  urn.append(form.digits - digits.size(), '0');
  return urn += digits;
}

void PeopleBook::make_room() {
  if (2 * (used_ + 1) <= slots_.size()) return;
  if (used_ >= most) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    others_.clear();
    used_ = 0;
    return;
  }
  const auto before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
  for (const auto& slot : before)
    if (slot.key != 0) slots_[slot_of(slot.key)] = slot;
}

} // namespace dialogferry::engine
