// As std.hpp, for what writes text.
#include "std.hpp"

#include <fmt/format.h>

#include <deque>
#include <filesystem>
