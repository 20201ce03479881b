#pragma once

// The smallest adapter that receives and has a register: what the suite asks of these two roles is
// asked of it first. Its upstream has GET /news (a JSON array of {"delivery", "id"}, an empty one
// when there is none), POST /news/<id>/done, and POST /people, which answers {"<key>": …}.

#include "gateway/sdk/adapter.hpp"

namespace candidates {

const gateway::sdk::Descriptor& roles_descriptor();

}   // namespace candidates
