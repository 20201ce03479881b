#pragma once

#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/patience.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <string>

namespace gateway::tests::standins {

/// An Altinn stand-in that is a thousand times faster than the service, and a sender's token for
/// it.
struct Altinn {
    explicit Altinn(const std::string& state,
                    std::vector<std::string> options = {"--time-scale", "1000"})
        : child("altinn", state, std::move(options)),
          token(make_token("310000019", "altinn:serviceowner altinn:correspondence.write")) {}

    std::string make_token(const char* organisation, const char* scope) const {
        json::Value wanted;
        wanted.set("organisation", organisation).set("scope", scope);
        return child.command("/control/token", wanted).json()["token"].as_string();
    }
    std::string at(const std::string& path) const {
        return child.url() + "/correspondence/api/v1" + path;
    }
    Answer read(const std::string& path) const { return get(at(path), token); }
    Answer send(const std::string& path, const json::Value& body) const {
        return post(at(path), body, token);
    }
    Answer act(const char* method, const std::string& path, const std::string& bearer) const {
        Ask request;
        request.method = method;
        request.url = at(path);
        request.headers["Authorization"] = "Bearer " + bearer;
        return ask(request);
    }
    Answer upload(const std::string& id, const std::string& bytes) const {
        Ask request;
        request.method = "POST";
        request.url = at("/attachment/" + id + "/upload");
        request.headers["Authorization"] = "Bearer " + token;
        request.headers["Content-Type"] = "application/octet-stream";
        request.body = bytes;
        return ask(request);
    }
    std::string attachment(const char* name = "vedtak.pdf") const {
        json::Value body = object(R"({"resourceId":"sluse-brev","sendersReference":"r"})");
        body.set("fileName", name);
        return send("/attachment", body).json().as_string();
    }
    /// Asks again until `holds`; the service's own clock decides, not ours.
    Answer until(const std::string& path,
                 const std::function<bool(const json::Value&)>& holds) const {
        Answer answer;
        const auto happened = [&] {
            answer = read(path);
            return holds(answer.json());
        };
        if (!patience::until(happened)) {
            FAIL("never happened: " << path);
        }
        return answer;
    }
    Answer until_status(const std::string& path, const char* status) const {
        return until(path,
                     [&](const json::Value& body) { return body["status"].as_string() == status; });
    }
    std::string published_attachment() const {
        const std::string id = attachment();
        upload(id, "%PDF-1.4");
        until_status("/attachment/" + id, "Published");
        return id;
    }

    Child child;
    std::string token;
};

inline json::Value letter() {
    return object(R"({"correspondence":{"resourceId":"sluse-brev","sendersReference":"sak-1",
        "content":{"language":"nb","messageTitle":"Vedtak","messageBody":"Se *vedlegg*.","attachments":[]}},
        "recipients":["urn:altinn:organization:identifier-no:310356875"]})");
}

}   // namespace gateway::tests::standins
