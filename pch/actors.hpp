// As std.hpp, for the engine: what actors are made of.
#include "std.hpp"

#include <caf/all.hpp>
