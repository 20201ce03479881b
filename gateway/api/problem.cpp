#include "gateway/api/problem.hpp"

namespace gateway::api {

http::Response problem(const ports::Refusal& refusal, const texts::ProblemContext& context,
                       int status) {
    auto answer =
        texts::problem_json(refusal.code, refusal.params, refusal.problems, context, status);
    http::Response response(status, texts::problem_media_type, json::write(answer.body));
    response.headers.insert(response.headers.end(), answer.headers.begin(), answer.headers.end());
    return response;
}

http::Response json_answer(int status, const json::Value& value) {
    return json_text_answer(status, json::write(value));
}

http::Response json_text_answer(int status, std::string text) {
    http::Response response(status);
    response.headers.reserve(4);   // with what every answer gets
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = std::move(text);
    return response;
}

http::Response problem(const ports::Refusal& refusal, const texts::ProblemContext& context) {
    return problem(refusal, context, texts::problem_status(refusal.code));
}

http::Response server_problem(int status, std::string_view code, const core::Limits& limits,
                              const texts::ProblemContext& context) {
    core::Params params;
    if (code == "request.header_too_large") {
        params.emplace_back("max", std::to_string(limits.header_bytes_max));
    } else if (code == "request.too_large") {
        params.emplace_back("max", std::to_string(limits.request_bytes_max()));
    }
    const ports::Refusal refusal(core::Code(std::string(code)), std::move(params));
    return problem(refusal, context, status);
}

}   // namespace gateway::api
