#include "adapters/fiks_io/fiks_answering.hpp"

#include "adapters/common/fiks/fiks_errors.hpp"
#include "adapters/fiks_io/fiks_package.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::fiks_io {

using fiks_platform::Built;
using fiks_platform::uuid_in;
using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::string_view send_path = "/fiks-io/api/v1/send";

/// The part `metadata`: names in headers without the prefix they get over AMQP.
std::string metadata_of(const Outgoing& message) {
    json::Value headers = json::Value::object();
    for (const auto& [name, value] : message.headers) {
        headers.set(name, value);
    }
    headers.set("klientMeldingId", message.client_id);
    if (!message.correlation.empty()) {
        headers.set("klientKorrelasjonsId", message.correlation);
        headers.set("klientKorrelasjonId", message.correlation);   // as Java wrote and read it once
    }
    json::Value body;
    body.set("avsenderKontoId", message.from);
    body.set("mottakerKontoId", message.to);
    body.set("meldingType", message.type);
    if (!message.in_reply_to.empty()) {
        body.set("svarPaMelding", message.in_reply_to);
    }
    if (message.ttl) {
        body.set("ttl", static_cast<std::int64_t>(message.ttl->count()));
    }
    body.set("headere", std::move(headers));
    return json::write(body);
}

/// A 4xx of the send call that is not the same for every call.
Outcome refusal(const sdk::HttpResponse& response) {
    auto outcome = fiks_platform::outcome_of_refusal(response);
    core::Params error{{"error", fiks_platform::error_id(response)}};
    switch (response.status) {
    case 400:
    case 422: outcome.code = "fiks_io.refused"; break;
    case 404: outcome.code = "fiks_io.account_unknown"; break;
    case 413: outcome.code = "fiks_io.too_large"; break;
    default: return outcome;
    }
    outcome.params = std::move(error);
    if (response.status == 404 || response.status == 413) {
        outcome.params.clear();
    }
    return outcome;
}

/// KS' Java client takes every status below 400 for good, .NET 202 alone. Without an id it is no
/// answer of Fiks'.
Outcome judge(const sdk::HttpResponse& response) {
    if (response.status >= 400) {
        return refusal(response);
    }
    const auto body = json::parse(response.body);
    const std::string id = body ? uuid_in((*body)["meldingId"].as_string()) : std::string();
    if (response.status < 200 || response.status >= 300 || id.empty()) {
        return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
    }
    Outcome outcome(Verdict::accepted);
    outcome.upstream_reference = id;
    return outcome;
}

}   // namespace

Answering::Answering(const Settings& settings, Catalogue& catalogue, sdk::Host& host)
    : settings_(settings), catalogue_(catalogue), host_(host), client_(settings.access, host) {}

/// The request, with the package being made while it is sent.
sdk::Task<Built> Answering::build(const Outgoing& message, const std::string& certificate,
                                  std::shared_ptr<std::optional<Outcome>>& trouble) {
    const std::string boundary = "sluse-" + host_.ids.uuid().to_string();
    std::string head = "--" + boundary +
                       "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n"
                       "Content-Type: application/json; charset=utf-8\r\n\r\n" +
                       metadata_of(message) + "\r\n";
    std::string tail = "--" + boundary + "--\r\n";
    sdk::HttpRequest request("POST", settings_.access.base_url + std::string(send_path));
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    request.headers.emplace_back("Accept", "application/json");
    if (message.files.empty()) {
        request.body = head + tail;
        co_return Built(std::move(request));
    }
    auto sealed = co_await seal_files(host_, message.tenant, message.files, certificate);
    if (!sealed.value) {
        co_return Built(std::move(sealed.outcome));
    }
    trouble = sealed.value->trouble;
    head += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"" +
            host_.ids.uuid().to_string() + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    auto body = std::make_unique<sdk::ChainSource>();
    body->add(std::make_unique<sdk::StringSource>(std::move(head)));
    body->add(std::move(sealed.value->source));
    body->add(std::make_unique<sdk::StringSource>("\r\n" + tail));
    request.stream = std::move(body);
    co_return Built(std::move(request));
}

sdk::Task<Outcome> Answering::send(Outgoing message, sdk::Deadline deadline,
                                   seal::Findings* warnings) {
    std::string certificate;
    if (!message.files.empty()) {
        auto key = co_await catalogue_.receiver_key(message.to, deadline);
        if (!key.value) {
            co_return std::move(key.outcome);
        }
        certificate = key.value->details.der;
        if (warnings != nullptr) {
            *warnings = key.value->warnings;
        }
    }
    std::shared_ptr<std::optional<Outcome>> trouble;
    fiks_platform::Client::Build make = [&] { return build(message, certificate, trouble); };
    GATEWAY_CRASH_POINT("fiks_io.before_send");
    auto reply = co_await client_.call(std::move(make), sdk::Effect::possible, deadline);
    GATEWAY_CRASH_POINT("fiks_io.after_send");
    if (trouble && *trouble) {
        // The body was broken off inside the package: Fiks has no whole request to take.
        co_return std::move(**trouble);
    }
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    co_return judge(*reply.response);
}

}   // namespace gateway::fiks_io
