#!/usr/bin/env bash
# CAF 0.17.6 (Debian libcaf-dev 0.17.6-2.1+b1): what it generates for a message type cannot be compiled once for a
# whole program. An explicit instantiation of caf::mailbox_element_vals<T> is refused for every T, since its member
# dispose() calls a function that no base of it has; nothing else uses that member, so it is never seen otherwise. Of
# what goes with it, caf::detail::tuple_vals<T> and tuple_vals_impl can be instantiated. Whoever wants shorter builds
# by `extern template` has to leave the largest part out.
#
# Seen on 2026-11-29, g++ 12: "tuple_vals: compiled", "tuple_vals_impl: compiled", "mailbox_element_vals: refused,
# has no member named 'deref'".
set -euo pipefail

version=0.17.6-2.1+b1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "libcaf-dev=$version" >/dev/null
dpkg -x ./*.deb root

try() { # NAME TYPE
  printf '#include <caf/all.hpp>\nstruct job { int number; };\nCAF_ALLOW_UNSAFE_MESSAGE_TYPE(job)\ntemplate class %s;\n' "$2" >"$1.cpp"
  if g++ -std=c++17 -I root/usr/include -c "$1.cpp" -o /dev/null 2>errors; then
    echo "$1: compiled"
  else
    echo "$1: refused, $(grep -o 'has no member named .*' errors | head -n 1 | tr -d '[:cntrl:]' | sed "s/[‘’]/'/g")"
  fi
}

export LC_ALL=C
{
  try tuple_vals 'caf::detail::tuple_vals<job>'
  try tuple_vals_impl 'caf::detail::tuple_vals_impl<caf::detail::message_data, job>'
  try mailbox_element_vals 'caf::mailbox_element_vals<job>'
} | tee seen
diff - seen <<'SEEN'
tuple_vals: compiled
tuple_vals_impl: compiled
mailbox_element_vals: refused, has no member named 'deref'
SEEN
echo "as seen before"
