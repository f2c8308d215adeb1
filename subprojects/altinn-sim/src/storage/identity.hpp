#pragma once

#include "guid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

enum class PartyKind : std::uint8_t { person, organisation, self_identified, email, enterprise_user };

/// One row of Register: somebody who owns instances, or acts on them.
struct Identity {
  PartyKind kind = PartyKind::person;
  std::int64_t party_id = 0;
  Guid party_uuid;
  std::int64_t user_id = 0; ///< 0: no user
  std::string number;       ///< 11 or 9 digits with valid check digits; empty for the others
  std::string display_name; ///< the user name of the self-identified
  std::string external_urn; ///< only e-mail users have one
};

/// The n-th synthetic person: born in a month above 80, so that no such person exists (dialogporten.md 3.8).
std::string person_number(std::int64_t index);
/// The n-th synthetic organisation; 0 … 9 999 999.
std::string organisation_number(std::int64_t index);
/// What `person_number` was called with; null for what it never gives.
std::optional<std::int64_t> person_index(std::string_view number);
std::optional<std::int64_t> organisation_index(std::string_view number);

/// The actor URN of M-50, in the order of its table.
std::string identity_urn(const Identity& identity);

/// Everybody Register knows, worked out from the seed whenever somebody is asked for.
class Population {
public:
  /// At most 2 000 000 of each.
  Population(std::uint64_t seed, std::int64_t parties, std::int64_t users)
      : seed_(seed)
      , parties_(parties)
      , users_(users) {}

  std::int64_t parties() const { return parties_; }
  std::int64_t users() const { return users_; }
  std::int64_t party_id(std::int64_t index) const { return first_party + index; }
  std::int64_t user_id(std::int64_t index) const { return first_user + index; }

  std::optional<Identity> party(std::int64_t party_id) const;
  std::optional<Identity> user(std::int64_t user_id) const;
  std::optional<Identity> by_uuid(Guid party_uuid) const;
  /// By the 11 digits of a person or the 9 of an organisation.
  std::optional<Identity> by_number(std::string_view number) const;
  /// The number of an owner that is an organisation, the first one from the index on.
  std::string some_organisation_number(std::int64_t index) const;

  /// Somebody outside the numbered rows, as the fixtures have them; always an organisation unless told
  /// otherwise.
  Identity stranger(std::int64_t party_id, PartyKind kind) const;

  static constexpr std::int64_t first_party = 50'000'000;
  static constexpr std::int64_t first_user = 20'000'000;
  static constexpr std::int64_t first_user_party = 55'000'000;
  /// Ids from here on are unknown to Register: owners and users of poisoned records.
  static constexpr std::int64_t first_unknown = 90'000'000;

private:
  Identity make(std::int64_t party_id, std::int64_t index, PartyKind kind) const;
  std::optional<Identity> by_index(std::int64_t index) const;
  PartyKind owner_kind(std::int64_t index) const;
  PartyKind user_kind(std::int64_t index) const;

  std::uint64_t seed_;
  std::int64_t parties_;
  std::int64_t users_;
};

} // namespace altinn_sim::storage
