#pragma once

// What an operator's examination of a connection asks its adapter: where it talks to, what tokens
// it needs, and a call that does no harm. What can be seen without the adapter (names, TLS, clocks)
// the gateway looks at itself.

#include "gateway/core/code.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/http_client.hpp"
#include "gateway/sdk/outcome.hpp"

#include <string>
#include <vector>

namespace gateway::sdk {

struct Needs {
    /// Absolute URLs (http, https, amqp, amqps) of every machine it talks to; without secrets. None
    /// told: the connection's base_url.
    std::vector<std::string> places;
    /// From the connection's token source; one request of each kind that it makes.
    std::vector<TokenRequest> tokens;

    Needs() = default;
};

enum class Finding { green, yellow, red, skipped };

/// What a harmless call showed.
struct ProbeAnswer {
    Finding finding = Finding::skipped;
    core::Code code;       // what is wrong, or why it was not called; empty when green
    core::Params params;   // never what a component said, a token, or anything of a person
    /// The component took our token, password or scope: green says that we may call, not only that
    /// it answers.
    bool proves_access = false;

    ProbeAnswer() = default;
    ProbeAnswer(Finding what, core::Code why, core::Params with = {})
        : finding(what), code(std::move(why)), params(std::move(with)) {}
};

/// How an answer to an authorised call is read when the protocol says no more: 2xx with JSON is
/// green, 401 and 403 are refusals of ours, 404 a wrong address, 429 and 5xx are passing, and
/// anything that is no JSON is not the component (a login page, a proxy).
ProbeAnswer read_probe(const HttpResponse& response);
/// No whole answer came.
ProbeAnswer read_probe(const Failure& failure);
/// No token could be had.
ProbeAnswer read_probe(const TokenFailure& failure);
/// What a connection says of itself anyway: it answers, whoever may call it.
ProbeAnswer read_probe(Health health);

}   // namespace gateway::sdk
