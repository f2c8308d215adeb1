// As std.hpp, for tests.
#include "std.hpp"

#include <catch2/catch.hpp>
