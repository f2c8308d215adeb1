#pragma once

#include <dialogferry/codec/parties.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <utility>
#include <vector>

namespace dialogferry::engine {

/// Those whom Register knows, as the mapping of messages asks for them. Points into `people`.
inline mapping::correspondence::Directory directory_of(const std::vector<codec::Person>& people) {
  std::vector<mapping::correspondence::KnownParty> known;
  for (const auto& person : people)
    known.push_back({person.id, person.urn, person.name, person.username});
  return mapping::correspondence::Directory(std::move(known));
}

} // namespace dialogferry::engine
