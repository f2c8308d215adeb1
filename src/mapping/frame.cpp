#include "frame.hpp"

namespace dialogferry::mapping {

namespace {

std::string without_trailing_slash(std::string text) {
  while (text.ends_with('/'))
    text.pop_back();
  return text;
}

/// Characters that stand for themselves in an encoded address.
constexpr auto unreserved = [] {
  std::array<bool, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c)
    table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c)
    table[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c)
    table[static_cast<std::size_t>(c)] = true;
  for (const char c : {'-', '.', '_', '~'})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

char* put(char* to, std::string_view text) {
  return std::copy(text.begin(), text.end(), to);
}

/// Percent-encodes an address and puts the query member that keeps the chosen reportee where it belongs: at
/// the end of the query, before the fragment.
class PortalEncoder {
public:
  explicit PortalEncoder(char* to)
      : to_(to) {}

  void add(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    char* to = to_; // what is written could be to_ itself, for all the compiler knows
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (unreserved[byte]) {
        *to++ = c;
        continue;
      }
      if (c == '#') to = add_reportee(to);
      if (c == '?') has_query_ = true;
      *to++ = '%';
      *to++ = digits[byte >> 4];
      *to++ = digits[byte & 0x0F];
    }
    to_ = to;
  }

  char* finish() { return add_reportee(to_); }

private:
  char* add_reportee(char* to) {
    if (std::exchange(done_, true)) return to;
    return put(to, has_query_ ? "%26dontChooseReportee%3Dtrue" : "%3FdontChooseReportee%3Dtrue");
  }

  char* to_;
  bool has_query_ = false;
  bool done_ = false;
};

} // namespace

Mapper::Impl::Impl(Settings given, Wording words)
    : settings(std::move(given))
    , wording(std::move(words))
    , platform(without_trailing_slash(settings.platform_base_url))
    , apps_host(without_trailing_slash(settings.apps_host))
    , adapter(without_trailing_slash(settings.adapter_base_url))
    , portal_prefix(platform + "/authentication/api/v1/authentication?goto=") {
  const auto end = platform.find("://");
  scheme = end == std::string::npos ? "https://" : platform.substr(0, end + 3);
  for (std::size_t slot = 0; slot < slot_count; ++slot)
    for (std::size_t i = 0; i < language_count; ++i) {
      const auto language = static_cast<Language>(i);
      lists[slot][i] = {wording.text(static_cast<Slot>(slot), language), code_of(language)};
    }
}

std::string_view portal(const Mapper::Impl& mapper, codec::Arena& arena,
                        std::initializer_list<std::string_view> address) {
  std::size_t size = 0;
  for (const auto part : address)
    size += part.size();
  // Every byte may become three; 32 more hold what is put in.
  char* const first = arena.characters(mapper.portal_prefix.size() + 3 * size + 32);
  PortalEncoder encoder(put(first, mapper.portal_prefix));
  for (const auto part : address)
    encoder.add(part);
  char* const end = encoder.finish();
  arena.shrink(end);
  return {first, static_cast<std::size_t>(end - first)};
}

} // namespace dialogferry::mapping
