// As std.hpp, for what handles JSON.
#include "std.hpp"

#include <boost/json.hpp>
