// As json.hpp, for tests.
#include "json.hpp"

#include <catch2/catch.hpp>
