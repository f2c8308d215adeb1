// As text.hpp, for what reads TOML.
#include "text.hpp"

#include <toml++/toml.h>
