#include "gateway/app/cli/client/gate.hpp"

#include "gateway/app/config/document.hpp"
#include "gateway/crypto/api_key.hpp"
#include "gateway/http/client.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>

namespace gateway::app::client {
namespace {

constexpr std::chrono::seconds connect_time_max{10};
constexpr std::chrono::seconds line_time_max{60};   // the server says something every 15 s
constexpr std::size_t answer_bytes_max = 64U << 20U;
constexpr std::size_t event_bytes_max = 4U << 20U;
constexpr std::size_t small_file_max = 1U << 20U;

class HttpGate final : public Gate {
public:
    HttpGate(http::Endpoint endpoint, std::shared_ptr<http::TlsContext> tls, std::string key,
             texts::Language language)
        : endpoint_(std::move(endpoint)),
          tls_(std::move(tls)),
          key_(std::move(key)),
          language_(language),
          clock_(runtime::make_system_clock()) {}

    core::Result<Answer> ask(const Question& question) override {
        sdk::HttpRequest request(question.method, question.target);
        if (question.body) {
            request.headers.emplace_back("Content-Type", "application/json");
            request.body = json::write(*question.body);
        }
        return send(std::move(request), question.patience);
    }

    core::Result<Answer> send(sdk::HttpRequest request, std::chrono::seconds patience) override {
        return run(exchange(std::move(request), patience));
    }

    core::Result<Answer> follow(const std::string& target, const OnLine& on_line) override {
        return run(read_events(target, on_line));
    }

    void pause(std::chrono::milliseconds time) override { static_cast<void>(run(sleep(time))); }

    std::string where() const override {
        if (endpoint_.scheme == "unix") {
            return "unix:" + endpoint_.host;
        }
        return endpoint_.scheme + "://" + endpoint_.host + ":" + std::to_string(endpoint_.port);
    }

private:
    template <class T>
    T run(sdk::Task<T> task) {
        boost::asio::io_context io;
        std::optional<T> value;
        std::exception_ptr error;
        boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& fault, T result) {
            error = fault;
            value.emplace(std::move(result));
        });
        io.run();
        if (error) {
            std::rethrow_exception(error);
        }
        return std::move(*value);
    }

    void dress(sdk::HttpRequest& request) const {
        request.headers.emplace_back("Accept-Language", texts::tag(language_));
        if (!key_.empty()) {
            request.headers.emplace_back("Authorization", "Bearer " + key_);
        }
        request.answer_bytes_max = answer_bytes_max;
    }

    sdk::Task<core::Result<Answer>> exchange(sdk::HttpRequest request,
                                             std::chrono::seconds patience) {
        dress(request);
        auto connection =
            co_await http::connect(endpoint_, tls_, *clock_, clock_->in(connect_time_max));
        if (!connection) {
            co_return connection.error();
        }
        const std::string target = request.url;
        const auto response =
            co_await (*connection)->exchange(request, target, clock_->in(patience));
        if (!response) {
            co_return response.error();
        }
        co_return Answer(response->status, response->body);
    }

    sdk::Task<core::Result<Answer>> read_events(std::string target, OnLine on_line) {
        sdk::HttpRequest request("GET", target);
        request.headers.emplace_back("Accept", "text/event-stream");
        dress(request);
        auto connection =
            co_await http::connect(endpoint_, tls_, *clock_, clock_->in(connect_time_max));
        if (!connection) {
            co_return connection.error();
        }
        const auto response =
            co_await (*connection)->open(request, target, clock_->in(connect_time_max));
        if (!response) {
            co_return response.error();
        }
        EventReader reader;
        std::string refusal;
        for (;;) {
            auto bytes = co_await (*connection)->read_some(clock_->in(line_time_max));
            if (!bytes) {
                co_return bytes.error();
            }
            if (bytes->empty()) {
                co_return Answer(response->status, refusal);
            }
            if (response->status != 200) {
                refusal += *bytes;
                if (refusal.size() > event_bytes_max) {
                    co_return core::Failure(core::Errc::too_large);
                }
                continue;
            }
            for (const auto& data : reader.push(*bytes)) {
                const auto line = json::parse(data);
                if (line && !on_line(*line)) {
                    co_return Answer(200, {});
                }
            }
        }
    }

    sdk::Task<bool> sleep(std::chrono::milliseconds time) {
        co_await clock_->sleep_until(clock_->steady() + time);
        co_return true;
    }

    http::Endpoint endpoint_;
    std::shared_ptr<http::TlsContext> tls_;
    std::string key_;
    texts::Language language_;
    std::unique_ptr<sdk::Clock> clock_;
};

std::string first_word(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_first_of(" \t\r\n", begin) - begin));
}

core::Failure said(const GatePlace& place, core::Errc code, const char* nb, const char* en,
                   const std::string& rest = {}) {
    return {code, (place.language == texts::Language::en ? en : nb) + rest};
}

/// From the file, else the variable; empty when neither is given.
core::Result<std::string> find_key(const GatePlace& place) {
    std::string key;
    if (!place.key_file.empty()) {
        const auto text = runtime::read_whole_file(place.key_file, small_file_max);
        if (!text) {
            return said(place, core::Errc::not_found, "nøkkelfilen kan ikke leses: ",
                        "the key file cannot be read: ", place.key_file);
        }
        key = first_word(*text);
    } else if (const char* value = std::getenv(place.key_variable.c_str())) {
        key = first_word(value);
    }
    if ((!key.empty() || !place.key_file.empty()) && !crypto::read_api_key(key)) {
        return said(place, core::Errc::invalid_argument,
                    "nøkkelen er ikke på formen slu_<id>_<43 tegn>",
                    "the key is not of the form slu_<id>_<43 characters>");
    }
    return key;
}

}   // namespace

std::vector<std::string> EventReader::push(std::string_view bytes) {
    rest_.append(bytes);
    std::vector<std::string> events;
    for (auto end = rest_.find("\n\n"); end != std::string::npos; end = rest_.find("\n\n")) {
        std::string data;
        std::string_view block(rest_.data(), end);
        while (!block.empty()) {
            const auto line = block.substr(0, block.find('\n'));
            block.remove_prefix(std::min(block.size(), line.size() + 1));
            if (line.starts_with("data: ")) {
                data.append(line.substr(6));
            }
        }
        if (!data.empty()) {
            events.push_back(std::move(data));
        }
        rest_.erase(0, end + 2);
    }
    if (rest_.size() > event_bytes_max) {
        rest_.clear();   // nobody of ours sends such an event
    }
    return events;
}

core::Result<std::string> find_socket(const std::string& config_folder) {
    const auto file = config_folder + "/sluse.toml";
    const auto text = runtime::read_whole_file(file, small_file_max);
    if (!text) {
        return core::Failure(core::Errc::not_found, file);
    }
    Mistakes mistakes;
    const auto document = read_toml("sluse.toml", *text, mistakes);
    const std::string path = document ? document->value()["store"]["path"].as_string() : "";
    if (path.empty()) {
        return core::Failure(core::Errc::malformed, file);
    }
    return (path.front() == '/' ? path : config_folder + "/" + path) + "/admin.sock";
}

core::Result<std::unique_ptr<Gate>> open_gate(const GatePlace& place) {
    if (!place.url.empty() && !place.socket.empty()) {
        return said(place, core::Errc::invalid_argument, "bruk --url eller --socket, ikke begge",
                    "use --url or --socket, not both");
    }
    http::Endpoint endpoint;
    std::shared_ptr<http::TlsContext> tls;
    std::string key;
    if (place.url.empty()) {
        endpoint.scheme = "unix";
        endpoint.host = place.socket;
        endpoint.port = 0;
        if (endpoint.host.empty()) {
            const auto socket = find_socket(place.config_folder);
            if (!socket) {
                return said(
                    place, core::Errc::not_found,
                    "finner ikke [store] path; bruk --config, --socket eller --url. Lette i ",
                    "cannot find [store] path; use --config, --socket or --url. Looked in ",
                    socket.error().detail);
            }
            endpoint.host = *socket;
        }
    } else {
        const auto url = http::parse_url(place.url);
        if (!url || (url->target != "/" && !url->target.empty())) {
            return said(place, core::Errc::invalid_argument,
                        "ugyldig adresse: ", "not an address: ", place.url);
        }
        endpoint = url->endpoint;
        auto found = find_key(place);
        if (!found) {
            return found.error();
        }
        key = std::move(*found);
        if (key.empty()) {
            return said(place, core::Errc::invalid_argument,
                        "nøkkelen mangler: bruk --key-file eller miljøvariabelen ",
                        "the key is missing: use --key-file or the environment variable ",
                        place.key_variable);
        }
    }
    if (endpoint.scheme == "https") {
        std::string roots;
        if (!place.ca_file.empty()) {
            const auto text = runtime::read_whole_file(place.ca_file, small_file_max);
            if (!text) {
                return said(place, core::Errc::not_found,
                            "filen kan ikke leses: ", "the file cannot be read: ", place.ca_file);
            }
            roots = *text;
        }
        auto context = http::TlsContext::create(roots, {}, {});
        if (!context) {
            return context.error();
        }
        tls = *context;
    }
    std::unique_ptr<Gate> gate = std::make_unique<HttpGate>(std::move(endpoint), std::move(tls),
                                                            std::move(key), place.language);
    return gate;
}

}   // namespace gateway::app::client
