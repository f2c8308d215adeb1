#pragma once

#include <dialogferry/model/masking.hpp>

namespace dialogferry::http {

using dialogferry::mask_identities;

} // namespace dialogferry::http
