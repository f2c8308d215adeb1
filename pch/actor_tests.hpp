// As actors.hpp, for their tests.
#include "actors.hpp"

#include <catch2/catch.hpp>
