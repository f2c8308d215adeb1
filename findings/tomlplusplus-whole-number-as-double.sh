#!/usr/bin/env bash
# toml++ 3.3.0 (Debian libtomlplusplus-dev 3.3.0+ds-1): a whole number that no double holds exactly is nothing when
# it is asked for as a double, and value_or gives the default instead, without an error. Whoever reads rates or
# limits as doubles must look at what the file says before he believes that it says nothing.
#
# Seen on 2026-11-29: 9007199254740992 and 0.5 are numbers, 9007199254740993 is nothing, value_or(1.0) is 1.
set -euo pipefail

version=3.3.0+ds-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "libtomlplusplus-dev=$version" >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CODE'
#include <toml++/toml.h>

#include <iostream>

int main() {
  const auto table = toml::parse("exact = 9007199254740992\ninexact = 9007199254740993\nhalf = 0.5\n");
  for (const auto* key : {"exact", "inexact", "half"})
    std::cout << key << ": " << (table[key].value<double>() ? "a number" : "nothing") << '\n';
  std::cout << "inexact, or else: " << table["inexact"].value_or(1.0) << '\n';
}
CODE
g++ -std=c++17 -DTOML_HEADER_ONLY=1 -isystem root/usr/include main.cpp -o main

seen=$(./main)
printf 'toml++ %s\n%s\n' "$version" "$seen"
[ "$seen" = 'exact: a number
inexact: nothing
half: a number
inexact, or else: 1' ]
