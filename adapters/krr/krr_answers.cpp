#include "adapters/krr/krr_answers.hpp"

#include "adapters/krr/krr_failures.hpp"

#include <algorithm>
#include <initializer_list>

namespace gateway::krr {

using json::Value;

namespace {

// A thousand persons with a certificate each come to about 4 MB.
constexpr std::size_t answer_bytes_max = 16U << 20U;
constexpr std::size_t print_bytes_max = 256U << 10U;
constexpr std::size_t values_max = 200'000;

std::optional<Value> parse_object(const sdk::HttpResponse& response) {
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    limits.values_max = values_max;
    auto parsed = json::parse(response.body, limits);
    return parsed && parsed->is_object() ? std::optional(std::move(*parsed)) : std::nullopt;
}

registers::Reply failed(core::Code code, core::Params params = {}) {
    registers::Reply reply;
    reply.failure = make_failure(std::move(code), std::move(params));
    return reply;
}

registers::Reply reply_of(const Settings& settings, const Value& entry, core::Time asked_at) {
    Person person = read_person(entry, asked_at);
    if (!person.fault.empty()) {
        return failed("krr.person_not_understood", {{"field", person.fault}});
    }
    registers::Reply reply;
    reply.entry.key = entry["personidentifikator"].as_string();
    reply.entry.fetched_at = asked_at;
    core::Time until = asked_at + settings.contact_age_max;
    if (!person.registered) {
        until = std::min(until, asked_at + settings.unknown_age_max);
    }
    if (person.changes_at) {
        until = std::min(until, *person.changes_at);
    }
    if (!person.certificate_text.empty()) {
        const auto certificate = read_certificate(person.certificate_text, asked_at);
        if (certificate.fault.empty()) {
            person.value.set("certificate", certificate.base64);
            until = std::min(until, certificate.not_after);
        } else {
            // The rest holds; how the letter goes without a certificate, who asked decides.
            person.value.set("certificateFault", certificate.fault);
            until = std::min(until, asked_at + settings.unknown_age_max);
        }
    }
    reply.entry.valid_until = until;
    reply.entry.value = std::move(person.value);
    return reply;
}

/// The first of these members that is there.
const Value& either(const Value& object, std::initializer_list<const char*> names) {
    static const Value nothing;
    for (const char* name : names) {
        if (object.has(name)) {
            return object[name];
        }
    }
    return nothing;
}

bool is_organisation(const std::string& number) {
    return number.size() == 9 &&
           std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}   // namespace

sdk::HttpRequest persons_request(const Settings& settings,
                                 const std::vector<std::string>& persons) {
    Value list = Value::array();
    for (const auto& person : persons) {
        list.push(person);
    }
    Value body;
    body.set("personidentifikatorer", std::move(list));
    sdk::HttpRequest request("POST", settings.base_url + "/rest/" + settings.version + "/personer");
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Accept", "application/json");
    request.body = json::write(body);
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

sdk::HttpRequest print_request(const Settings& settings) {
    sdk::HttpRequest request("GET", settings.base_url + "/rest/v2/printSertifikat");
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = print_bytes_max;
    return request;
}

registers::Reading read_persons(const Settings& settings, const sdk::HttpResponse& response,
                                const std::vector<std::string>& asked, core::Time asked_at) {
    registers::Reading reading;
    if (auto failure = failure_of_status(response)) {
        reading.failure = std::move(failure);
        reading.refused_as_asked = response.status == 400 || response.status == 422;
        return reading;
    }
    const auto body = parse_object(response);
    if (!body || !(*body)["personer"].is_array()) {
        reading.failure = failure_of_bad_answer(response);
        return reading;
    }
    std::map<std::string, const Value*> said;
    for (const auto& person : asked) {
        said.emplace(person, nullptr);
        reading.replies.emplace(person, failed("krr.person_missing"));
    }
    for (const Value& entry : (*body)["personer"].items()) {
        const auto found = said.find(entry["personidentifikator"].as_string());
        if (found == said.end()) {
            registers::Reading nothing;
            nothing.failure = make_failure("krr.wrong_person");
            return nothing;
        }
        registers::Reply& reply = reading.replies[found->first];
        if (found->second == nullptr) {
            found->second = &entry;
            reply = reply_of(settings, entry, asked_at);
        } else if (!(*found->second == entry)) {
            reply = failed("krr.contradicts_itself");
        }
    }
    return reading;
}

PrintReading read_print(const Settings& settings, const sdk::HttpResponse& response,
                        core::Time asked_at) {
    PrintReading reading;
    if ((reading.failure = failure_of_status(response))) {
        return reading;
    }
    const auto body = parse_object(response);
    if (!body) {
        reading.failure = failure_of_bad_answer(response);
        return reading;
    }
    // Written otherwise than a person's `postkasseleverandoeradresse`; who knows for how long.
    const std::string& number =
        either(*body, {"postkasseleverandoerAdresse", "postkasseleverandoeradresse"}).as_string();
    const auto certificate = read_certificate(
        either(*body, {"x509Sertifikat", "x509sertifikat", "sertifikat"}).as_string(), asked_at);
    if (!is_organisation(number)) {
        reading.failure =
            make_failure("krr.print_unusable", {{"field", "postkasseleverandoerAdresse"}});
    } else if (!certificate.fault.empty()) {
        reading.failure = make_failure("krr.print_unusable", {{"field", "x509Sertifikat"}});
    } else {
        reading.entry.fetched_at = asked_at;
        reading.entry.valid_until =
            std::min(core::Time(asked_at + settings.print_age_max), certificate.not_after);
        reading.entry.value.set("operator", number).set("certificate", certificate.base64);
    }
    return reading;
}

}   // namespace gateway::krr
