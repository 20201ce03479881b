#include "adapters/altinn_broker/broker_exchange.hpp"

#include "gateway/sdk/percent_encoding.hpp"

namespace gateway::altinn_broker {
namespace {

constexpr const char* transfers = "/broker/api/v1/filetransfer";
constexpr const char* resumable = "/broker/api/v1/filetransfer/upload/tus/";

sdk::HttpRequest json_call(const char* method, std::string url) {
    sdk::HttpRequest request(method, std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    request.budget = calls_budget;
    return request;
}

sdk::HttpRequest tus_call(const char* method, const std::string& base_url, const std::string& id) {
    sdk::HttpRequest request(method, base_url + resumable + id);
    request.headers.emplace_back("Tus-Resumable", "1.0.0");
    return request;
}

/// Searches have a budget of their own, shared by all connections: SearchBudget.
sdk::HttpRequest search(const std::string& base_url, const std::string& resource,
                        const std::string& more) {
    sdk::HttpRequest request("GET", base_url + transfers +
                                        "?resourceId=" + sdk::percent_encoded(resource) + more);
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

}   // namespace

sdk::HttpRequest make_transfer(const std::string& base_url, std::string body) {
    auto request = json_call("POST", base_url + transfers);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

sdk::HttpRequest upload_raw(const std::string& base_url, const std::string& id) {
    auto request = json_call("POST", base_url + transfers + "/" + id + "/upload");
    request.headers.emplace_back("Content-Type", "application/octet-stream");
    return request;
}

sdk::HttpRequest upload_form(const std::string& base_url, const std::string& boundary) {
    auto request = json_call("POST", base_url + transfers + "/upload");
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    return request;
}

sdk::HttpRequest tus_create(const std::string& base_url, const std::string& id,
                            std::uint64_t length) {
    auto request = tus_call("POST", base_url, id);
    request.headers.emplace_back("Upload-Length", std::to_string(length));
    return request;
}

sdk::HttpRequest tus_where(const std::string& base_url, const std::string& id) {
    return tus_call("HEAD", base_url, id);
}

sdk::HttpRequest tus_piece(const std::string& base_url, const std::string& id,
                           std::uint64_t offset) {
    auto request = tus_call("PATCH", base_url, id);
    request.headers.emplace_back("Upload-Offset", std::to_string(offset));
    request.headers.emplace_back("Content-Type", "application/offset+octet-stream");
    return request;
}

sdk::HttpRequest get_overview(const std::string& base_url, const std::string& id) {
    return json_call("GET", base_url + transfers + "/" + id);
}

sdk::HttpRequest download(const std::string& base_url, const std::string& id, std::uint64_t first,
                          std::optional<std::uint64_t> last) {
    sdk::HttpRequest request("GET", base_url + transfers + "/" + id + "/download");
    request.headers.emplace_back("Accept", "application/octet-stream");
    request.budget = calls_budget;
    if (first > 0 || last) {
        const std::string end = last ? std::to_string(*last) : std::string();
        request.headers.emplace_back("Range", "bytes=" + std::to_string(first) + "-" + end);
    }
    return request;
}

sdk::HttpRequest confirm_download(const std::string& base_url, const std::string& id) {
    return json_call("POST", base_url + transfers + "/" + id + "/confirmdownload");
}

sdk::HttpRequest get_resource(const std::string& base_url, const std::string& resource) {
    constexpr std::string_view prefix = "urn:altinn:resource:";
    const std::string bare =
        resource.starts_with(prefix) ? resource.substr(prefix.size()) : resource;
    return json_call("GET", base_url + "/broker/api/v1/resource/" + sdk::percent_encoded(bare));
}

sdk::HttpRequest search_waiting(const std::string& base_url, const std::string& resource,
                                Waiting which) {
    const char* const status = which == Waiting::untouched ? "Initialized" : "DownloadStarted";
    return search(base_url, resource,
                  std::string("&status=Published&recipientStatus=") + status +
                      "&role=Recipient&orderAscending=true");
}

sdk::HttpRequest search_made(const std::string& base_url, const std::string& resource,
                             core::Time from, core::Time to, bool only_empty) {
    std::string more = "&from=" + sdk::percent_encoded(core::to_rfc3339(from)) +
                       "&to=" + sdk::percent_encoded(core::to_rfc3339(to)) +
                       "&role=Sender&orderAscending=true";
    if (only_empty) {
        more += "&status=Initialized";
    }
    return search(base_url, resource, more);
}

}   // namespace gateway::altinn_broker
