#include "gateway/app/sandbox/demo_calls.hpp"

#include "gateway/app/cli/context.hpp"
#include "gateway/http/client.hpp"

namespace gateway::app::demo {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::chrono::seconds call_time_max{30};
constexpr std::size_t answer_bytes_max = 64U << 20U;

}   // namespace

std::string word(const DemoPlaces& places, const char* nb, const char* en) {
    return places.language == texts::Language::en ? en : nb;
}

sdk::Task<Result<sdk::HttpResponse>> call(sdk::Clock& clock, sdk::HttpRequest request) {
    const auto url = http::parse_url(request.url);
    if (!url) {
        co_return url.error();
    }
    const sdk::Deadline deadline = clock.in(call_time_max);
    auto connection = co_await http::connect(url->endpoint, nullptr, clock, deadline);
    if (!connection) {
        co_return connection.error();
    }
    request.answer_bytes_max = answer_bytes_max;
    co_return co_await (*connection)->exchange(request, url->target, deadline);
}

sdk::HttpRequest request_of(const DemoPlaces& places, std::string method, const std::string& path) {
    sdk::HttpRequest request(std::move(method), places.url + path);
    request.headers.emplace_back("Authorization", "Bearer " + places.key);
    request.headers.emplace_back("Accept-Language", std::string(texts::tag(places.language)));
    return request;
}

Failure answered(const sdk::HttpResponse& response) {
    const auto problem = json::parse_or_failure(response.body);
    const std::string why = problem ? (*problem)["title"].as_string() + ": " +
                                          (*problem)["detail"].as_string() + " (" +
                                          (*problem)["code"].as_string() + ")"
                                    : std::string();
    return Failure(Errc::bad_answer, "HTTP " + std::to_string(response.status) + " " + why);
}

sdk::Task<Result<json::Value>> ask_json(sdk::Clock& clock, sdk::HttpRequest request) {
    const auto response = co_await call(clock, std::move(request));
    if (!response) {
        co_return response.error();
    }
    auto answer = json::parse_or_failure(response->body, {.bytes_max = answer_bytes_max});
    if (response->status != 200 || !answer) {
        co_return answered(*response);
    }
    co_return std::move(*answer);
}

sdk::Task<Result<json::Value>> look_up_person(sdk::Clock& clock, const DemoPlaces& places) {
    auto request = request_of(places, "POST", "/v1/persons/lookup");
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Purpose", "opptak");
    request.body = json::write(
        json::Value::object().set("person", places.digital_person).set("dataset", "person"));
    co_return co_await ask_json(clock, std::move(request));
}

std::string home_of(const json::Value& person) {
    const json::Value& home = person["values"]["addresses"]["residence"];
    std::string line;
    for (const json::Value& street : home["lines"].items()) {
        line += street.as_string() + ", ";
    }
    return line + home["postalCode"].as_string() + " " + home["city"].as_string();
}

std::string pad(std::string text, std::size_t width) {
    std::size_t letters = 0;
    for (const char c : text) {
        letters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    }
    if (letters < width) {
        text.append(width - letters, ' ');
    }
    return text;
}

void print_event(const json::Value& event) {
    const std::string& at = event["at"].as_string();
    const std::string time = at.size() > 22 ? at.substr(11, 12) : at;
    print("  " + pad(time, 14) + pad(event["state"].as_string(), 11) +
          pad(event["event"].as_string(), 22) + pad(event["connection"].as_string(), 14) +
          event["title"].as_string());
}

}   // namespace gateway::app::demo
