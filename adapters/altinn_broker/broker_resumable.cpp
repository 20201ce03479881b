// The resumable upload (tus 1.0): FileSender's actions for a large file. Where it stands, Altinn
// says: nothing but the transfer's id need be remembered.

#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_exchange.hpp"
#include "adapters/altinn_broker/broker_sender.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::altinn_broker {

using sdk::Outcome;
using sdk::Verdict;
using std::chrono::seconds;

namespace {

constexpr int checksum_wrong = 9;
constexpr seconds piece_time_least{60};   // an attempt begins no piece with less time than this

Outcome go_on() {
    Outcome outcome(Verdict::pending);
    outcome.retry_after = seconds(1);
    return outcome;
}

/// Bytes have arrived: that is progress, and no failed attempt.
Outcome after_a_cut(Outcome outcome, bool moved) {
    if (moved && outcome.verdict != Verdict::rejected) {
        return go_on();
    }
    return outcome;
}

bool is_gone(const sdk::HttpResponse& response) {
    return response.status == 404 || response.status == 410;
}

}   // namespace

sdk::Task<FileSender::Said> FileSender::begin_tus(Attempt& attempt) {
    attempt.steps.resuming(host_.clock.now());
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn_broker.before_resumable");
    Build build = [&] {
        return plain(tus_create(settings_.access.base_url, attempt.steps.id(),
                                attempt.transfer.file().size));
    };
    auto reply =
        co_await call(attempt.transfer, std::move(build), sdk::Effect::possible, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn_broker.resumable_begun");
    if (!reply.response) {
        co_return after_a_cut(std::move(reply.outcome), false);
    }
    const sdk::HttpResponse& response = *reply.response;
    if (is_gone(response)) {
        co_return co_await lost(attempt);
    }
    if (response.status >= 400 && response.status != 409) {   // 409: it was begun before
        co_return outcome_of_refusal(response);
    }
    co_return std::nullopt;
}

sdk::Task<FileSender::Said> FileSender::resume_tus(Attempt& attempt) {
    Build build = [&] { return plain(tus_where(settings_.access.base_url, attempt.steps.id())); };
    auto reply =
        co_await call(attempt.transfer, std::move(build), sdk::Effect::none, attempt.deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    const auto offset = read_offset(*reply.response);
    const std::uint64_t size = attempt.transfer.file().size;
    if (is_gone(*reply.response) || (offset && *offset == size)) {
        attempt.steps.ask_instead();   // done, or expired
        co_return std::nullopt;
    }
    if (!offset || *offset > size) {
        if (reply.response->status >= 400) {
            co_return outcome_of_refusal(*reply.response);
        }
        co_return sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::none);
    }
    // Bytes that arrived before a cut are progress, too: an attempt that brings some has not
    // failed.
    if (attempt.steps.reached(*offset)) {
        attempt.moved = true;
        if (auto stopped = co_await remember(attempt)) {
            co_return stopped;
        }
    }
    co_return co_await send_pieces(attempt, *offset);
}

sdk::Task<FileSender::Said> FileSender::send_pieces(Attempt& attempt, std::uint64_t offset) {
    const Transfer& transfer = attempt.transfer;
    const std::uint64_t size = transfer.file().size;
    while (offset < size) {
        if (attempt.moved && host_.clock.steady() + piece_time_least > attempt.deadline.at) {
            co_return go_on();
        }
        const std::uint64_t bytes = std::min(settings_.piece_bytes, size - offset);
        Build build = [&] { return piece(transfer, offset, bytes, attempt.steps.id()); };
        auto reply =
            co_await call(transfer, std::move(build), sdk::Effect::possible, attempt.deadline);
        GATEWAY_CRASH_POINT("altinn_broker.piece_sent");
        if (!reply.response) {
            co_return after_a_cut(std::move(reply.outcome), attempt.moved);
        }
        const sdk::HttpResponse& response = *reply.response;
        if (problem_number(response) == checksum_wrong) {
            co_return co_await lost(attempt);
        }
        if (is_gone(response)) {
            attempt.steps.ask_instead();
            co_return std::nullopt;
        }
        if (response.status == 409) {
            co_return go_on();   // it stands elsewhere than we thought: asked again
        }
        if (response.status >= 400) {
            co_return outcome_of_refusal(response);
        }
        const auto now_at = read_offset(response);
        if (!now_at || *now_at <= offset || *now_at > size) {
            co_return sdk::outcome_of_bad_answer(response, sdk::Effect::none);
        }
        offset = *now_at;
        attempt.moved = true;
    }
    attempt.steps.uploaded();
    co_return co_await remember(attempt);
}

sdk::Task<core::Result<sdk::HttpRequest>> FileSender::piece(const Transfer& transfer,
                                                            std::uint64_t offset,
                                                            std::uint64_t bytes,
                                                            const std::string& id) {
    auto request = tus_piece(settings_.access.base_url, id, offset);
    auto source = co_await host_.documents.open(transfer.delivery->tenant, transfer.file().sha256);
    if (!source) {
        co_return source.error();
    }
    const auto passed = co_await (*source)->skip(offset);
    if (!passed) {
        co_return passed.error();
    }
    request.stream = std::make_unique<sdk::PieceSource>(std::move(*source), bytes);
    co_return std::move(request);
}

}   // namespace gateway::altinn_broker
