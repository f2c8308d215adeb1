#include "exchange.hpp"

#include <algorithm>

namespace altinn_sim {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

const std::string* Request::parameter(std::string_view name) const {
  auto found = std::find_if(parameters.begin(), parameters.end(),
                            [&](const auto& each) { return same_name(each.first, name); });
  return found == parameters.end() ? nullptr : &found->second;
}

} // namespace altinn_sim
