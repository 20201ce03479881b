#include "gateway/accept/api.hpp"
#include "gateway/accept/content_digest.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

// POST /v1/documents streamed at any size up to the limit, GET /v1/documents/{sha256} whole or a
// range.

namespace gateway::accept {
namespace {

constexpr std::size_t block_bytes = 65536;

struct Range {
    std::uint64_t first = 0;
    std::uint64_t length = 0;
};

enum class RangeKind { whole, part, unsatisfiable };

/// One range of bytes (RFC 9110 14.1.2); several ranges or another unit mean the whole document.
RangeKind read_range(std::string_view header, std::uint64_t size, Range& range) {
    constexpr std::string_view unit = "bytes=";
    if (header.substr(0, unit.size()) != unit || header.find(',') != std::string_view::npos) {
        return RangeKind::whole;
    }
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) {
        return RangeKind::whole;
    }
    const auto number = [](std::string_view text) -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                        : std::nullopt;
    };
    const auto from = number(header.substr(0, dash));
    const auto to = number(header.substr(dash + 1));
    if (!from && to && dash == 0) {
        const auto length = std::min(*to, size);
        range = {size - length, length};
        return length == 0 ? RangeKind::unsatisfiable : RangeKind::part;
    }
    if (!from || (!to && dash + 1 != header.size()) || (to && *to < *from)) {
        return RangeKind::whole;
    }
    if (*from >= size) {
        return RangeKind::unsatisfiable;
    }
    range = {*from, std::min(to.value_or(size - 1), size - 1) - *from + 1};
    return RangeKind::part;
}

}   // namespace

bool may_upload(const ports::Caller& caller) {
    return std::any_of(caller.grants.begin(), caller.grants.end(), [](const std::string& grant) {
        return grant.starts_with("send:") || grant.starts_with("receive:");
    });
}

sdk::Task<http::Response> PublicApi::post_document(Call& call) {
    if (draining_) {
        co_return problem(ports::Refusal("service.draining"), call.context);
    }
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    if (!may_upload(call.caller)) {
        co_return problem(ports::Refusal("auth.not_granted", {{"grant", "send:<type>"}}),
                          call.context);
    }
    const auto limits = parts_.configuration.current()->limits;
    const ports::Refusal too_large("document.too_large",
                                   {{"max", std::to_string(limits.document_bytes_max)}});
    if (call.request.content_length && *call.request.content_length > limits.document_bytes_max) {
        co_return problem(too_large, call.context);
    }
    auto digest_header = call.request.header("Content-Digest");
    if (digest_header.empty()) {
        digest_header = call.request.header("Digest");
    }
    const auto stated = stated_digest(digest_header);
    if (!stated.readable) {
        co_return problem(ports::Refusal("request.bad_header", {{"name", "Content-Digest"}}),
                          call.context);
    }
    auto writer = co_await parts_.documents.create(call.caller.tenant, call.caller.system,
                                                   limits.document_bytes_max);
    if (!writer) {
        co_return problem(refusal_of(writer.error()), call.context);
    }
    std::vector<char> block(block_bytes);
    for (;;) {
        const auto count = co_await call.request.body->read(block);
        if (!count) {
            co_return problem(count.error().is(core::Errc::too_large) ? too_large
                                                                      : refusal_of(count.error()),
                              call.context);
        }
        if (*count == 0) {
            break;
        }
        const std::span<const char> taken(block.data(), *count);
        const auto kept = co_await (*writer)->append(taken);
        if (!kept) {
            co_return problem(kept.error().is(core::Errc::too_large) ? too_large
                                                                     : refusal_of(kept.error()),
                              call.context);
        }
    }
    const auto stored = co_await (*writer)->commit();
    if (!stored) {
        co_return problem(refusal_of(stored.error()), call.context);
    }
    if (stated.sha256 && *stated.sha256 != stored->hash) {
        co_return problem(ports::Refusal("request.checksum_mismatch"),
                          call.context);   // an orphan, collected
    }
    json::Value view = json::Value::object();
    view.set("sha256", stored->hash.to_hex()).set("md5", stored->md5_hex).set("size", stored->size);
    auto response = json_answer(201, view);
    response.headers.emplace_back("Location", "/v1/documents/" + stored->hash.to_hex());
    co_return response;
}

sdk::Task<http::Response> PublicApi::get_document(Call& call, core::Sha256 hash) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto allowed = co_await parts_.store.may_read_document(
        call.caller.tenant, call.caller.system, call.caller.sees_all(), hash);
    if (!allowed) {
        co_return problem(refusal_of(allowed.error()), call.context);
    }
    if (!*allowed) {
        co_return problem(ports::Refusal("document.not_found"), call.context);
    }
    auto reader = co_await parts_.documents.open(call.caller.tenant, hash);
    if (!reader) {
        co_return problem(reader.error().is(core::Errc::not_found)
                              ? ports::Refusal("document.not_found")
                              : refusal_of(reader.error()),
                          call.context);
    }
    const auto size = (*reader)->size();
    Range range{0, size};
    const auto kind = read_range(call.request.header("Range"), size, range);
    if (kind == RangeKind::unsatisfiable) {
        auto response = problem(
            ports::Refusal("request.range_not_satisfiable", {{"size", std::to_string(size)}}),
            call.context);
        response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        co_return response;
    }
    http::Response response(kind == RangeKind::part ? 206 : 200);
    response.headers.emplace_back("Content-Type", "application/octet-stream");
    response.headers.emplace_back("Accept-Ranges", "bytes");
    response.headers.emplace_back("Cache-Control", "private, no-store");
    response.headers.emplace_back("ETag", "\"" + hash.to_hex() + "\"");
    if (kind == RangeKind::part) {
        response.headers.emplace_back("Content-Range",
                                      "bytes " + std::to_string(range.first) + "-" +
                                          std::to_string(range.first + range.length - 1) + "/" +
                                          std::to_string(size));
    }
    response.stream = ports::make_source(std::move(*reader), range.first, range.length);
    co_return response;
}

}   // namespace gateway::accept
