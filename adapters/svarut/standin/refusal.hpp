#pragma once

// The body that all of KS's services answer a refused call with.

#include "gateway/core/time.hpp"
#include "gateway/http/message.hpp"

#include <string>

namespace gateway::svarut::standin {

http::Response refusal(core::Time at, const http::Request& request, int status,
                       const std::string& message, const std::string& code = {});

}   // namespace gateway::svarut::standin
