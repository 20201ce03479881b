#pragma once

// The five calls of corner 2's REST API. Pure: nothing is sent here.
// Facts: OpenAPI of corner 2 (felleslosninger/docs); multipart as Digdir's own client writes it.

#include "gateway/sdk/exchange.hpp"
#include "gateway/sdk/spool.hpp"

#include <string>

namespace gateway::digital_post {

/// POST /messages/out: the signed message and, after it, the envelope from its spool, which must
/// outlive the request. `boundary` stands in neither.
sdk::HttpRequest send_request(const std::string& base_url, const std::string& channel,
                              const std::string& boundary, const std::string& jws,
                              sdk::Spool& envelope);

sdk::HttpRequest statuses_request(const std::string& base_url, const std::string& id);
sdk::HttpRequest unread_request(const std::string& base_url, const std::string& channel,
                                int page_size);
sdk::HttpRequest mark_read_request(const std::string& base_url, const std::string& id);

void authorise(sdk::HttpRequest& request, const std::string& token);

}   // namespace gateway::digital_post
