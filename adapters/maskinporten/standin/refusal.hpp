#pragma once

// How Maskinporten says no: {error, error_description, error_uri}. Codes and causes from
// maskinporten_feilsoking.md (reference: maskinporten/error-codes.json). The HTTP status of a code
// is documented only as "Forbidden" for MP-250 and MP-251; the rest is 400.

#include "gateway/http/message.hpp"

#include <string>

namespace gateway::maskinporten::standin {

struct Refusal {
    int status = 400;
    std::string error;   // OAuth 2.0
    std::string code;    // "MP-nnn", empty where none is documented
    std::string text;

    Refusal(int http_status, std::string oauth_error, std::string mp_code, std::string description)
        : status(http_status),
          error(std::move(oauth_error)),
          code(std::move(mp_code)),
          text(std::move(description)) {}
};

Refusal invalid_request(std::string code, std::string text);
Refusal invalid_grant(std::string code, std::string text);
Refusal invalid_scope(std::string code, std::string text);
Refusal forbidden(std::string code, std::string text);
Refusal rich(std::string code, std::string text);   // authorization_details

http::Response to_response(const Refusal& refusal, const std::string& trace);

}   // namespace gateway::maskinporten::standin
