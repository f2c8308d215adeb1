// As std.hpp, for what reads JSON.
#include "std.hpp"

#include <simdjson.h>
