#include <dialogferry/model/shard.hpp>

namespace dialogferry {

std::string to_string(const ShardKey& key) {
  return key.row + '/' + key.stage + '/' + to_string(key.day) + '/' + key.organisation + '/' +
         std::to_string(key.part);
}

std::string_view name_of(ShardState state) {
  switch (state) {
  case ShardState::open: return "open";
  case ShardState::complete: return "complete";
  case ShardState::parked: return "parked";
  }
  return "open";
}

} // namespace dialogferry
