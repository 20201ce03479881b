#include "adapters/svarut/svarut_exchange.hpp"

#include "gateway/sdk/percent_encoding.hpp"

namespace gateway::svarut {
namespace {

constexpr std::size_t answer_bytes_max = 256U << 10U;
constexpr std::size_t statuses_bytes_max = 1U << 20U;
constexpr std::size_t key_bytes_max = 64U << 10U;

sdk::HttpRequest call(const char* method, std::string url) {
    sdk::HttpRequest request(method, std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

sdk::HttpRequest with_json(sdk::HttpRequest request, const json::Value& body) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::write(body);
    return request;
}

std::string account_url(const std::string& base_url, const char* version,
                        const std::string& account) {
    return base_url + "/api/" + version + "/kontoer/" + account + "/forsendelser";
}

std::string shipment_url(const std::string& base_url, const std::string& id) {
    return base_url + "/api/v2/forsendelser/" + id;
}

const char* path_of(Kind kind) {
    switch (kind) {
    case Kind::person: return "/person";
    case Kind::organisation: return "/organisasjon";
    case Kind::nhn: return "/nhn";
    case Kind::print: break;
    }
    return "/print";
}

}   // namespace

sdk::HttpRequest send_request(const std::string& base_url, const Shipment& shipment,
                              const json::Value& order, std::vector<FilePart> files,
                              const std::string& boundary) {
    std::string url = account_url(base_url, shipment.plan.version(), shipment.account);
    if (!shipment.plan.colour) {
        url += path_of(shipment.plan.kind);
    }
    auto request = call("POST", std::move(url));
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    auto body = std::make_unique<sdk::ChainSource>();
    body->add(std::make_unique<sdk::StringSource>(
        "--" + boundary +
        "\r\nContent-Disposition: form-data; name=\"forsendelse\"\r\n"
        "Content-Type: application/json\r\n\r\n" +
        json::write(order) + "\r\n"));
    for (std::size_t i = 0; i < files.size(); ++i) {
        // Names hold neither quotes nor line ends: that is checked at accept.
        body->add(std::make_unique<sdk::StringSource>(
            (i == 0 ? "--" : "\r\n--") + boundary +
            "\r\nContent-Disposition: form-data; name=\"filer_" + std::to_string(i) +
            "\"; filename=\"" + files[i].name + "\"\r\nContent-Type: " + files[i].media_type +
            "\r\n\r\n"));
        body->add(std::move(files[i].bytes));
    }
    body->add(std::make_unique<sdk::StringSource>("\r\n--" + boundary + "--\r\n"));
    request.stream = std::move(body);
    return request;
}

sdk::HttpRequest statuses_request(const std::string& base_url, const std::string& account,
                                  const std::vector<std::string>& ids) {
    json::Value list = json::Value::array();
    for (const auto& id : ids) {
        list.push(id);
    }
    json::Value body;
    body.set("id", std::move(list));
    auto request =
        with_json(call("POST", account_url(base_url, "v3", account) + "/status/sok"), body);
    request.answer_bytes_max = statuses_bytes_max;
    return request;
}

sdk::HttpRequest search_request(const std::string& base_url, const std::string& account,
                                const std::string& reference, bool metadata) {
    return call("GET", account_url(base_url, "v2", account) + (metadata ? "/metadata" : "") +
                           "?eksternRef=" + sdk::percent_encoded(reference));
}

sdk::HttpRequest about_request(const std::string& base_url, const std::string& id, About what) {
    static constexpr const char* paths[] = {"/hendelser", "/signeringshendelser", "/metadata"};
    return call("GET", shipment_url(base_url, id) + paths[static_cast<std::size_t>(what)]);
}

sdk::HttpRequest delete_request(const std::string& base_url, const std::string& id,
                                Deletion which) {
    const char* const name = which == Deletion::all ? "ALLE" : "ORIGINALDOKUMENTER";
    return call("DELETE", shipment_url(base_url, id) + "/dokumenter?slettetype=" + name);
}

sdk::HttpRequest read_request(const std::string& base_url, const std::string& id,
                              const json::Value& body) {
    return with_json(call("POST", shipment_url(base_url, id) + "/lest"), body);
}

sdk::HttpRequest types_request(const std::string& base_url) {
    return call("GET", base_url + "/api/v2/forsendelsestyper");
}

sdk::HttpRequest mailboxes_request(const std::string& base_url, const MailboxQuestion& question) {
    std::string url = base_url + "/api/v2/mottakersystem?organisasjonsnummer=" +
                      sdk::percent_encoded(question.organisation);
    if (!question.type.empty()) {
        url += "&forsendelseType=" + sdk::percent_encoded(question.type);
    }
    if (question.level != 0) {
        url += "&niva=" + std::to_string(question.level);
    }
    return call("GET", std::move(url));
}

sdk::HttpRequest key_request(const std::string& base_url) {
    sdk::HttpRequest request("GET", base_url + "/forsendelse/publickey/hent");
    request.answer_bytes_max = key_bytes_max;
    return request;
}

sdk::Task<fiks_platform::Built> plain(sdk::HttpRequest request) {
    co_return fiks_platform::Built(std::move(request));
}

}   // namespace gateway::svarut
