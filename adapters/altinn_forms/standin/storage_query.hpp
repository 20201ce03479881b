#pragma once

// GET /storage/api/v1/instances: what a service owner may ask for, page by page. Facts: wire notes,
// section 7.

#include "adapters/altinn_forms/standin/instances.hpp"
#include "gateway/http/message.hpp"

#include <string>

namespace gateway::altinn_forms::standin {

/// The answer to a list call of the service owner `org`. `url` is the service's own address, for
/// `next`; `token_bytes` how long its continuation tokens are at least.
http::Response list_instances(const Instances& instances, const http::Request& request,
                              const std::string& org, const std::string& url,
                              std::size_t token_bytes);

}   // namespace gateway::altinn_forms::standin
