#include "adapters/svarinn/svarinn_exchange.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/json/value.hpp"

namespace gateway::svarinn {
namespace {

constexpr std::size_t words_max = 2000;

sdk::HttpRequest call(const Settings& settings, const char* method, std::string url) {
    sdk::HttpRequest request(method, std::move(url));
    request.headers.emplace_back(
        "Authorization", "Basic " + crypto::base64_encode(settings.user + ":" + settings.password));
    return request;
}

sdk::HttpRequest with_json(sdk::HttpRequest request, const json::Value& body) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::write(body);
    return request;
}

std::string status_url(const Settings& settings, const std::string& id) {
    return settings.base_url + "/v2/forsendelser/" + id + "/status";
}

/// Cut between characters.
std::string cut(std::string words) {
    if (words.size() > words_max) {
        std::size_t end = words_max;
        while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        words.resize(end);
    }
    return words;
}

}   // namespace

sdk::HttpRequest list_request(const Settings& settings) {
    const char* const path =
        settings.version == Version::v1 ? "/mottaker/hentNyeForsendelser" : "/v2/forsendelser";
    auto request = call(settings, "GET", settings.base_url + path);
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = list_bytes_max;
    return request;
}

sdk::HttpRequest known_request(const Settings& settings) {
    return sdk::HttpRequest("GET", settings.origin + "/forsendelse/publickey/hent");
}

sdk::HttpRequest download_request(const Settings& settings, const Listed& listed) {
    // The password goes nowhere else than where it is for.
    const bool ours = listed.link.starts_with(settings.origin + "/");
    const char* const path =
        settings.version == Version::v1 ? "/forsendelse/" : "/v2/forsendelser/";
    return call(settings, "GET", ours ? listed.link : settings.base_url + path + listed.id);
}

sdk::HttpRequest received_request(const Settings& settings, const std::string& id) {
    if (settings.version == Version::v1) {
        return call(settings, "POST", settings.base_url + "/kvitterMottak/forsendelse/" + id);
    }
    json::Value body;
    body.set("status", "MOTTATT");
    return with_json(call(settings, "PATCH", status_url(settings, id)), body);
}

sdk::HttpRequest failed_request(const Settings& settings, const std::string& id,
                                const ReceivingFailure& failure) {
    json::Value told;
    told.set("feilmelding", cut(failure.words)).set("permanent", failure.permanent);
    if (settings.version == Version::v1) {
        return with_json(
            call(settings, "POST", settings.base_url + "/mottakFeilet/forsendelse/" + id), told);
    }
    json::Value body;
    body.set("status", "FEILET").set("feil", std::move(told));
    return with_json(call(settings, "PATCH", status_url(settings, id)), body);
}

}   // namespace gateway::svarinn
