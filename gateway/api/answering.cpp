#include "gateway/api/answering.hpp"

#include "gateway/api/problem.hpp"
#include "gateway/view/trace_context.hpp"

namespace gateway::api {

texts::ProblemContext context_of(sdk::Ids& ids, std::string_view accept_language) {
    texts::ProblemContext context;
    context.language = texts::choose_language(accept_language);
    context.trace = view::trace_of({}, ids);
    return context;
}

namespace {

texts::ProblemContext context_of(const http::Request& request, std::string trace) {
    texts::ProblemContext context;
    context.language = texts::choose_language(request.header("Accept-Language"));
    context.trace = std::move(trace);
    context.instance = request.path;
    return context;
}

}   // namespace

sdk::Task<http::Response> answer(Answering with, http::Request& request, Dispatch dispatch) {
    const auto trace = view::trace_of(request.header("traceparent"), with.ids);
    http::Response response;
    bool failed = false;
    try {
        auto answering = dispatch(request, context_of(request, trace));
        response = co_await std::move(answering);
    } catch (const boost::system::system_error&) {
        throw;   // cancellation: the connection is gone
    } catch (const std::exception& error) {
        with.log.write(sdk::Severity::error, with.failure_event,
                       {{"trace", trace}, {"what", error.what()}});
        failed = true;
    }
    if (failed) {
        response = problem(ports::Refusal("service.internal"), context_of(request, trace));
    }
    response.headers.emplace_back("traceparent", view::traceparent_of(trace, with.ids));
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    co_return response;
}

}   // namespace gateway::api
