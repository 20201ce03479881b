#include "adapters/digital_post/dpi_exchange.hpp"

namespace gateway::digital_post {
namespace {

constexpr std::size_t refusal_bytes_max = 64U << 10U;
constexpr std::size_t statuses_bytes_max = 256U << 10U;
constexpr std::size_t unread_bytes_max = 8U << 20U;   // 100 receipts of some kilobytes each

std::string part_head(const std::string& boundary, const char* name, const char* file,
                      const char* type) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name +
           "\"; filename=\"" + file + "\"\r\nContent-Type: " + type + "\r\n\r\n";
}

}   // namespace

sdk::HttpRequest send_request(const std::string& base_url, const std::string& channel,
                              const std::string& boundary, const std::string& jws,
                              sdk::Spool& envelope) {
    sdk::HttpRequest request("POST", base_url + "/messages/out?kanal=" + channel);
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    request.headers.emplace_back("Accept", "application/json, application/problem+json");
    auto body = std::make_unique<sdk::ChainSource>();
    body->add(std::make_unique<sdk::StringSource>(
        part_head(boundary, "forretningsmelding", "sbd.jwt", "application/jwt") + jws + "\r\n" +
        part_head(boundary, "dokumentpakke", "asic.cms", "application/cms")));
    body->add(envelope.open());
    body->add(std::make_unique<sdk::StringSource>("\r\n--" + boundary + "--\r\n"));
    request.stream = std::move(body);
    request.answer_bytes_max = refusal_bytes_max;
    return request;
}

sdk::HttpRequest statuses_request(const std::string& base_url, const std::string& id) {
    sdk::HttpRequest request("GET", base_url + "/messages/out/" + id + "/statuses");
    request.headers.emplace_back("Accept", "application/json, application/problem+json");
    request.answer_bytes_max = statuses_bytes_max;
    return request;
}

sdk::HttpRequest unread_request(const std::string& base_url, const std::string& channel,
                                int page_size) {
    sdk::HttpRequest request("GET", base_url + "/messages/in?kanal=" + channel +
                                        "&page_size=" + std::to_string(page_size));
    request.headers.emplace_back("Accept", "application/json, application/problem+json");
    request.answer_bytes_max = unread_bytes_max;
    return request;
}

sdk::HttpRequest mark_read_request(const std::string& base_url, const std::string& id) {
    sdk::HttpRequest request("POST", base_url + "/messages/in/" + id + "/read");
    request.headers.emplace_back("Accept", "application/json, application/problem+json");
    request.answer_bytes_max = refusal_bytes_max;
    return request;
}

void authorise(sdk::HttpRequest& request, const std::string& token) {
    request.headers.emplace_back("Authorization", "Bearer " + token);
}

}   // namespace gateway::digital_post
