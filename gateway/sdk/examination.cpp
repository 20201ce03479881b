#include "gateway/sdk/examination.hpp"

#include "gateway/sdk/exchange.hpp"

namespace gateway::sdk {

ProbeAnswer read_probe(const HttpResponse& response) {
    core::Params params{{"status", std::to_string(response.status)}};
    if (response.status == 401) {
        return {Finding::red, "doctor.call.unauthorised", std::move(params)};
    }
    if (response.status == 403) {
        return {Finding::red, "doctor.call.forbidden", std::move(params)};
    }
    if (response.status == 404 || response.status == 410) {
        return {Finding::red, "doctor.call.not_found", std::move(params)};
    }
    if (response.status == 408 || response.status == 429 || response.status >= 500) {
        return {Finding::red, "doctor.call.passing", std::move(params)};
    }
    if (response.status < 200 || response.status >= 300) {
        return {Finding::red, "doctor.call.refused", std::move(params)};
    }
    if (response.status != 204 && !response.is_json()) {
        return {Finding::red, "doctor.call.not_the_component", std::move(params)};
    }
    ProbeAnswer green;
    green.finding = Finding::green;
    green.params = std::move(params);
    green.proves_access = true;
    return green;
}

ProbeAnswer read_probe(const Failure& failure) {
    return {Finding::red, code_of_failure(failure)};
}

ProbeAnswer read_probe(const TokenFailure& failure) {
    return {Finding::red, failure.code, failure.params};
}

ProbeAnswer read_probe(Health health) {
    ProbeAnswer answer;
    answer.finding = health.condition == Condition::ready      ? Finding::green
                     : health.condition == Condition::degraded ? Finding::yellow
                                                               : Finding::red;
    answer.code = std::move(health.code);
    answer.params = std::move(health.params);
    return answer;
}

}   // namespace gateway::sdk
