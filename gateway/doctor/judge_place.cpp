#include "gateway/doctor/judge_place.hpp"

#include "gateway/http/client.hpp"

#include <algorithm>

namespace gateway::doctor {

using core::Errc;
using std::chrono::seconds;

namespace {

constexpr int days_left_min = 30;
constexpr seconds skew_seen{5};
constexpr seconds skew_refused{30};

std::string text_of(std::chrono::milliseconds wait) {
    return std::to_string((wait.count() + 999) / 1000);
}

std::string day_of(core::Time at) {
    return core::to_rfc3339(at).substr(0, 10);
}

json::Value chain_of(const std::vector<http::SeenCertificate>& chain) {
    json::Value all = json::Value::array();
    for (const auto& one : chain) {
        json::Value view = json::Value::object();
        view.set("subject", one.subject)
            .set("issuer", one.issuer)
            .set("notAfter", core::to_rfc3339(one.not_after));
        all.push(std::move(view));
    }
    return all;
}

std::string joined(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& name : names) {
        all += (all.empty() ? "" : ", ") + name;
    }
    return all.empty() ? "-" : all;
}

void judge_failed_handshake(Step& step, const Place& place, const core::Failure& failure) {
    core::Params params{{"host", place.host}};
    if (failure.is(Errc::invalid_argument) || failure.is(Errc::not_found)) {
        step.found(Finding::red, "doctor.tls.bad_roots");
    } else if (failure.is(Errc::timed_out)) {
        params.emplace_back("seconds", text_of(tls_time_max));
        step.found(Finding::red, "doctor.tls.silent", std::move(params));
    } else if (failure.is(Errc::unreachable)) {
        step.found(Finding::red, "doctor.tls.closed", std::move(params));
    } else {
        step.found(Finding::red, "doctor.tls.failed", std::move(params));
    }
}

/// The certificate that ends first.
const http::SeenCertificate& first_to_end(const std::vector<http::SeenCertificate>& chain) {
    return *std::min_element(chain.begin(), chain.end(), [](const auto& a, const auto& b) {
        return a.not_after < b.not_after;
    });
}

void judge_end(Step& step, const Place& place, const http::TlsSight& sight, core::Time now) {
    step.green();
    if (sight.chain.empty()) {
        return;
    }
    const auto& first = first_to_end(sight.chain);
    const auto days = std::chrono::floor<std::chrono::days>(first.not_after - now).count();
    step.seen.set("daysLeft", static_cast<std::int64_t>(days));
    if (days < days_left_min) {
        step.found(Finding::yellow, "doctor.tls.expires_soon",
                   {{"host", place.host},
                    {"days", std::to_string(days)},
                    {"at", day_of(first.not_after)}});
    }
}

}   // namespace

std::string Place::name() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Place> read_place(const std::string& url) {
    Place place;
    place.url = url;
    std::string as_http = url;
    for (const char* scheme : {"amqp", "amqps"}) {
        const std::string prefix = std::string(scheme) + "://";
        if (url.starts_with(prefix)) {
            place.http = false;
            as_http = (prefix == "amqps://" ? "https://" : "http://") + url.substr(prefix.size());
        }
    }
    const auto parsed = http::parse_url(as_http);
    if (!parsed) {
        return std::nullopt;
    }
    place.host = parsed->endpoint.host;
    place.port = parsed->endpoint.port;
    place.tls = parsed->endpoint.scheme == "https";
    return place;
}

Step judge_dns(const Place& place, const core::Result<std::vector<core::IpAddress>>& found) {
    Step step("dns", place.name());
    if (found) {
        json::Value addresses = json::Value::array();
        for (const auto& one : *found) {
            addresses.push(http::text_of(one));
        }
        step.seen.set("addresses", std::move(addresses));
        return step.green();
    }
    core::Params params{{"host", place.host}};
    if (found.error().is(Errc::not_found)) {
        return step.found(Finding::red, "doctor.dns.not_found", std::move(params));
    }
    params.emplace_back("seconds", text_of(dns_time_max));
    return step.found(Finding::red, "doctor.dns.silent", std::move(params));
}

Step judge_tcp(const Place& place, const core::Result<core::IpAddress>& connected) {
    Step step("tcp", place.name());
    if (connected) {
        step.seen.set("address", http::text_of(*connected));
        return step.green();
    }
    core::Params params{{"host", place.host}, {"port", std::to_string(place.port)}};
    if (connected.error().is(Errc::unreachable)) {
        return step.found(Finding::red, "doctor.tcp.refused", std::move(params));
    }
    if (connected.error().is(Errc::unavailable)) {
        return step.found(Finding::red, "doctor.tcp.no_way", std::move(params));
    }
    params.emplace_back("seconds", text_of(tcp_time_max));
    return step.found(Finding::red, "doctor.tcp.silent", std::move(params));
}

Step judge_tls(const Place& place, const core::Result<http::TlsSight>& sight, core::Time now) {
    Step step("tls", place.name());
    if (!sight) {
        judge_failed_handshake(step, place, sight.error());
        return step;
    }
    step.seen.set("version", sight->version).set("chain", chain_of(sight->chain));
    core::Params params{{"host", place.host}};
    switch (sight->fault) {
    case http::TlsFault::none: judge_end(step, place, *sight, now); break;
    case http::TlsFault::unknown_ca:
        params.emplace_back("issuer", sight->missing.empty() ? "?" : sight->missing);
        step.seen.set("missingIssuer", sight->missing);
        step.found(Finding::red, "doctor.tls.unknown_ca", std::move(params));
        break;
    case http::TlsFault::wrong_host:
        params.emplace_back("names", joined(sight->names));
        step.found(Finding::red, "doctor.tls.wrong_host", std::move(params));
        break;
    case http::TlsFault::expired:
        params.emplace_back("at", day_of(sight->at_fault.not_after));
        step.found(Finding::red, "doctor.tls.expired", std::move(params));
        break;
    case http::TlsFault::not_yet_valid:
        params.emplace_back("at", day_of(sight->at_fault.not_before));
        step.found(Finding::red, "doctor.tls.not_yet_valid", std::move(params));
        break;
    case http::TlsFault::other:
        step.found(Finding::red, "doctor.tls.failed", std::move(params));
        break;
    }
    return step;
}

Step judge_clock(const Place& place, const core::Result<Heard>& heard, core::Time now) {
    Step step("clock", place.name());
    core::Params params{{"host", place.host}};
    if (!heard && heard.error().is(Errc::timed_out)) {
        params.emplace_back("seconds", text_of(clock_time_max));
        return step.found(Finding::red, "doctor.clock.silent", std::move(params));
    }
    if (!heard) {
        return step.found(Finding::red, "doctor.clock.no_answer", std::move(params));
    }
    step.seen.set("status", heard->status);
    if (!heard->their_time) {
        return step.found(Finding::skipped, "doctor.skipped.no_date");
    }
    // Their clock is told in whole seconds.
    const auto ours = std::chrono::floor<seconds>(now);
    const auto ahead = ours - std::chrono::floor<seconds>(*heard->their_time);
    step.seen.set("secondsAhead", static_cast<std::int64_t>(ahead.count()));
    const auto skew = std::chrono::abs(ahead);
    if (skew <= skew_seen) {
        return step.green();
    }
    params.emplace_back("seconds", std::to_string(skew.count()));
    const core::Code code = ahead.count() > 0 ? "doctor.clock.ahead" : "doctor.clock.behind";
    return step.found(skew >= skew_refused ? Finding::red : Finding::yellow, code,
                      std::move(params));
}

}   // namespace gateway::doctor
