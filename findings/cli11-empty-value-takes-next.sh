#!/usr/bin/env bash
# CLI11 2.1.2 (Debian libcli11-dev 2.1.2+ds-1): `--reason=` gives the option no value but the next argument, so that
# `--reason= --yes` sets the reason to "--yes" and not the flag; as the last argument it is refused. Given apart,
# `--reason "" --yes`, it is empty, as meant. A script with an empty variable does something else than it says.
#
# Seen on 2026-11-29: "reason '--yes', yes 0", "refused", "reason '', yes 1".
set -euo pipefail

version=2.1.2+ds-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "libcli11-dev=$version" >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CODE'
#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv) {
  CLI::App app;
  std::string reason = "none";
  bool yes = false;
  app.add_option("--reason", reason);
  app.add_flag("--yes", yes);
  try {
    app.parse(argc, argv);
    std::cout << "reason '" << reason << "', yes " << yes << '\n';
  } catch (const CLI::ParseError&) {
    std::cout << "refused\n";
  }
}
CODE
g++ -std=c++17 -isystem root/usr/include main.cpp -o main

seen=$(
  ./main --reason= --yes
  ./main --reason=
  ./main --reason "" --yes
)
printf 'CLI11 %s\n%s\n' "$version" "$seen"
[ "$seen" = "reason '--yes', yes 0
refused
reason '', yes 1" ]
