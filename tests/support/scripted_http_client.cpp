#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <exception>
#include <span>
#include <utility>

namespace tests {

using core::Errc;
using core::Failure;
using sdk::HttpResponse;
using sdk::Result;

namespace {

constexpr std::size_t body_bytes_max = 64U << 20U;   // of one recorded body

bool nothing_was_sent(Errc code) {
    switch (code) {
    case Errc::unreachable:
    case Errc::tls_untrusted:
    case Errc::tls_expired:
    case Errc::tls_wrong_host:
    case Errc::tls_failed:
    case Errc::timed_out:
    case Errc::rate_limited:
    case Errc::invalid_argument: return true;
    default: return false;
    }
}

}   // namespace

ScriptedHttpClient& ScriptedHttpClient::Step::answer_with(Answer function) {
    answer_ = std::move(function);
    return owner_;
}

ScriptedHttpClient& ScriptedHttpClient::Step::answer(int status, std::string body,
                                                     sdk::Headers headers) {
    HttpResponse response(status, std::move(body));
    response.headers = std::move(headers);
    return answer_with([response = std::move(response)](const SentRequest&) {
        return Result<HttpResponse>(response);
    });
}

ScriptedHttpClient& ScriptedHttpClient::Step::answer_json(int status, std::string body,
                                                          sdk::Headers headers) {
    headers.emplace_back("Content-Type", "application/json");
    return answer(status, std::move(body), std::move(headers));
}

ScriptedHttpClient& ScriptedHttpClient::Step::fail(Errc code, std::string detail) {
    nothing_sent_ = nothing_was_sent(code);
    Failure failure(code, std::move(detail));
    return answer_with([failure = std::move(failure)](const SentRequest&) {
        return Result<HttpResponse>(failure);
    });
}

ScriptedHttpClient& ScriptedHttpClient::Step::hang() {
    hangs_ = true;
    return fail(Errc::answer_lost, "scripted to hang");
}

ScriptedHttpClient::~ScriptedHttpClient() {
    if (!queue_.empty() && std::uncaught_exceptions() == 0) {
        FAIL_CHECK("scripted but never called: " << queue_.front().method_ << " ..."
                                                 << queue_.front().url_part_ << "... and "
                                                 << queue_.size() - 1 << " more");
    }
}

ScriptedHttpClient::Step& ScriptedHttpClient::expect(std::string method, std::string url_part) {
    queue_.push_back(Step(*this));
    queue_.back().method_ = std::move(method);
    queue_.back().url_part_ = std::move(url_part);
    return queue_.back();
}

ScriptedHttpClient::Step& ScriptedHttpClient::always(std::string method, std::string url_part) {
    always_.push_back(Step(*this));
    always_.back().method_ = std::move(method);
    always_.back().url_part_ = std::move(url_part);
    return always_.back();
}

std::optional<ScriptedHttpClient::Step> ScriptedHttpClient::take(const SentRequest& sent) {
    const auto fits = [&](const Step& step) {
        return (step.method_.empty() || step.method_ == sent.method) &&
               sent.url.find(step.url_part_) != std::string::npos;
    };
    if (!queue_.empty() && fits(queue_.front())) {
        std::optional<Step> step(std::move(queue_.front()));
        queue_.pop_front();
        return step;
    }
    for (const Step& step : always_) {
        if (fits(step)) {
            return step;
        }
    }
    if (queue_.empty()) {
        FAIL_CHECK("not scripted: " << sent.method << " " << sent.url);
    } else {
        FAIL_CHECK("expected " << queue_.front().method_ << " ..." << queue_.front().url_part_
                               << "... but was asked for " << sent.method << " " << sent.url);
    }
    return std::nullopt;
}

sdk::Task<Result<HttpResponse>> ScriptedHttpClient::send(sdk::HttpRequest request,
                                                         sdk::Deadline deadline) {
    if (clock_.steady() >= deadline.at) {
        co_return Failure(Errc::timed_out, "the deadline had passed before the call");
    }
    SentRequest sent;
    sent.method = request.method;
    sent.url = request.url;
    sent.headers = request.headers;
    sent.budget = request.budget;
    sent.deadline = deadline.at;
    sent.streamed = request.stream != nullptr;
    auto step = take(sent);
    if (!step || !step->answer_) {
        calls_.push_back(std::move(sent));
        co_return Failure(Errc::unreachable, "not scripted");
    }
    if (request.stream) {
        sent.stream_size = request.stream->size();
        if (!step->nothing_sent_) {
            auto body = co_await sdk::read_all(*request.stream, body_bytes_max);
            if (!body) {
                calls_.push_back(std::move(sent));
                co_return Failure(Errc::answer_lost,
                                  "the request's body failed: " + body.error().to_string());
            }
            sent.body = std::move(*body);
            if (sent.stream_size && *sent.stream_size != sent.body.size()) {
                FAIL_CHECK("a stream of " << *sent.stream_size << " bytes gave "
                                          << sent.body.size());
            }
        }
    } else {
        sent.body = request.body;
    }
    calls_.push_back(sent);
    if (step->hangs_) {
        co_await clock_.sleep_until(deadline.at);
    }
    Result<HttpResponse> answer = step->answer_(sent);
    if (!answer) {
        co_return answer;
    }
    if (answer->status >= 200 && answer->status < 300 && request.answer_sink != nullptr) {
        auto written = co_await request.answer_sink->write(
            std::span<const char>(answer->body.data(), answer->body.size()));
        if (!written) {
            co_return Failure(Errc::answer_lost,
                              "the answer's sink failed: " + written.error().to_string());
        }
        answer->body.clear();
    } else if (answer->body.size() > request.answer_bytes_max) {
        co_return Failure(Errc::too_large,
                          "an answer of " + std::to_string(answer->body.size()) + " bytes");
    }
    co_return answer;
}

}   // namespace tests
