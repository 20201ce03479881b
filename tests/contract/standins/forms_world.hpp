#pragma once

// The stand-in of Altinn's forms as a program, and a door of the test's own for its webhooks.

#include "gateway/http/server.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/contract/standins/child.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace gateway::tests::standins {

/// Takes every webhook, and answers as it is told.
class WebhookDoor final : public http::Handler {
public:
    WebhookDoor() : clock_(runtime::make_system_clock()) {
        http::ServerOptions options;
        options.address = "127.0.0.1:0";
        server_.emplace(io_.get_executor(), *clock_, options, *this);
        REQUIRE(server_->start().has_value());
    }
    sdk::Task<http::Response> handle(http::Request& request) override {
        auto body = co_await sdk::read_all(*request.body, 64U << 10U);
        auto value = json::parse(body ? *body : std::string());
        if (!value) {
            co_return http::Response(400);
        }
        const bool validation =
            (*value)["type"].as_string() == "platform.events.validatesubscription";
        const int answer = validation ? validation_status : status;
        (validation ? validations : events).push_back(std::move(*value));
        co_return http::Response(answer);
    }
    http::Response refuse(int refused, std::string_view, std::string_view) override {
        return http::Response(refused);
    }
    std::string url() const { return server_->url(); }
    /// Serves until it holds, a minute at most.
    bool until(const std::function<bool()>& holds) {
        const auto last = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        io_.restart();
        while (!holds() && std::chrono::steady_clock::now() < last) {
            io_.run_for(std::chrono::milliseconds(20));
        }
        return holds();
    }

    int status = 200;
    int validation_status = 200;
    std::vector<json::Value> events;
    std::vector<json::Value> validations;

private:
    boost::asio::io_context io_;
    std::unique_ptr<sdk::Clock> clock_;
    std::optional<http::Server> server_;
};

struct Forms {
    explicit Forms(std::vector<std::string> options = {"--time-scale", "1000"})
        : child("altinn_forms", folder.path(), std::move(options)), token(make_token()) {}

    std::string make_token(const json::Value& wanted = json::Value::object()) const {
        return child.command("/control/token", wanted).json()["token"].as_string();
    }
    Answer act(const char* method, const std::string& path, const std::string& body = {},
               std::map<std::string, std::string> headers = {}) const {
        Ask request;
        request.method = method;
        request.url = child.url() + path;
        request.body = body;
        request.headers = std::move(headers);
        if (!body.empty() && request.headers.count("Content-Type") == 0) {
            request.headers["Content-Type"] = "application/json";
        }
        if (request.headers.count("Authorization") == 0) {
            request.headers["Authorization"] = "Bearer " + token;
        }
        return ask(request);
    }
    std::string submit(const char* command = "{}") const {
        const auto answer = child.command("/control/forms", object(command));
        REQUIRE(answer.status == 200);
        return answer.json()["instances"].items().at(0).as_string();
    }
    void pace(const char* command) const {
        REQUIRE(child.command("/control/pace", object(command)).status == 200);
    }
    /// The stand-in's clock goes on by so much, and the token is made anew.
    void let_pass(std::chrono::seconds time) {
        passed += time;
        json::Value skew;
        skew.set("skew_seconds", passed.count());
        REQUIRE(child.command("/control/clock", skew).status == 200);
        token = make_token();
    }
    Answer subscribe(const std::string& address, const char* type = "app.instance.%") const {
        json::Value wish;
        wish.set("endPoint", address).set("typeFilter", type);
        wish.set("resourceFilter", "urn:altinn:resource:app_sandkassa_skjema");
        return act("POST", "/events/api/v1/subscriptions", json::write(wish));
    }
    /// Ids of the instances that the events of a page are of.
    std::vector<std::string> feed(const std::string& more) const {
        const auto answer = act("GET", "/events/api/v1/events?resource=urn:altinn:resource:app_"
                                       "sandkassa_skjema&type=app.instance.process.completed&" +
                                           more);
        INFO(answer.body);
        REQUIRE(answer.status == 200);
        last = answer;
        std::vector<std::string> ids;
        const auto page = answer.json();
        for (const auto& event : page.items()) {
            ids.push_back(event["resourceinstance"].as_string());
        }
        return ids;
    }
    Answer list(const std::string& query,
                const std::map<std::string, std::string>& headers = {}) const {
        return act("GET", "/storage/api/v1/instances" + query, "", headers);
    }
    std::int64_t webhooks(const char* what) const {
        return child.state()["events"]["webhooks"][what].as_int();
    }

    TemporaryFolder folder;
    Child child;
    std::string token;
    std::chrono::seconds passed{0};
    mutable Answer last;
};

}   // namespace gateway::tests::standins
