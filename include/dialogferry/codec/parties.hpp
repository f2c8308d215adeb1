#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::codec {

/// One row of Register's answer: whom it is about, and the URN that stands for them in a dialog.
struct Party {
  std::optional<std::int64_t> party_id;
  std::vector<std::int64_t> user_ids; ///< user.userId and user.userIds
  std::string urn;                    ///< chosen by M-50; empty where the row names nobody
};

/// A party as messages need it, known by its UUID.
struct Person {
  Uuid id;
  std::optional<std::string> urn;      ///< externalUrn; nothing: known, without URN (a system user)
  std::optional<std::string> name;     ///< displayName
  std::optional<std::string> username; ///< of a self-identified user
};

/// Reads the same answer for those who asked by UUID. A row without one is passed by.
Result<std::vector<Person>> read_people(Parser& parser, JsonView json);

/// Reads the answer of the party query (storage.md 5). Its order says nothing; rows are told apart by their
/// ids. Fails where `data` is null (M-51) or a row has nothing to make a URN of (M-50).
Result<std::vector<Party>> read_parties(Parser& parser, JsonView json);

} // namespace dialogferry::codec
