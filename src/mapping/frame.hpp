#pragma once

#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace dialogferry::mapping {

/// What is the same for every record: settings with addresses made ready, and the default texts as lists.
struct Mapper::Impl {
  Impl(Settings settings, Wording wording);
  Impl(const Impl&) = delete; // the lists point into the wording
  Impl& operator=(const Impl&) = delete;

  codec::LocalizedList texts(Slot slot) const { return lists[static_cast<std::size_t>(slot)]; }

  Settings settings;
  Wording wording;
  std::array<std::array<codec::Localized, language_count>, slot_count> lists;
  std::string platform;  ///< `https://platform.tt02.altinn.no`
  std::string scheme;    ///< `https://`
  std::string apps_host; ///< `apps.tt02.altinn.no`
  std::string adapter;
  std::string portal_prefix; ///< everything of a PORTAL address before the wrapped one (M-71)
};

/// PORTAL of the address whose parts follow one another (M-71): opened through login, in the name of the
/// owner that the user has chosen already.
std::string_view portal(const Mapper::Impl& mapper, codec::Arena& arena,
                        std::initializer_list<std::string_view> address);

} // namespace dialogferry::mapping
