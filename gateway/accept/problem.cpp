#include "gateway/accept/problem.hpp"

namespace gateway::accept {

http::Response problem(const ports::Refusal& refusal, const CallContext& context) {
    return problem(refusal, context, texts::problem_status(refusal.code));
}

http::Response problem(const ports::Refusal& refusal, const CallContext& context, int status) {
    auto answer =
        texts::problem_json(refusal.code, refusal.params, refusal.problems, context, status);
    http::Response response(status, texts::problem_media_type, json::write(answer.body));
    response.headers.insert(response.headers.end(), answer.headers.begin(), answer.headers.end());
    return response;
}

}   // namespace gateway::accept
