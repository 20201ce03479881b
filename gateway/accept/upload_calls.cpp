#include "gateway/accept/api.hpp"
#include "gateway/accept/upload_headers.hpp"
#include "gateway/view/refusal.hpp"

// /v1/uploads: tus 1.0 with creation, creation-with-upload, expiration, termination and checksum. A
// finished upload is a document; the answer that finishes it names it.

namespace gateway::accept {
namespace {

using ports::Refusal;
using ports::UploadAnswer;
using ports::UploadRefusal;

constexpr std::string_view version = "1.0.0";
constexpr std::string_view body_type = "application/offset+octet-stream";
constexpr std::string_view checksum_header = "Upload-Checksum";
constexpr const char* collection_methods = "OPTIONS, POST";
constexpr const char* upload_methods = "OPTIONS, HEAD, PATCH, DELETE";

Refusal bad_header(std::string_view name) {
    return Refusal("request.bad_header", {{"name", std::string(name)}});
}

Refusal refusal_of(UploadRefusal refusal, const ports::UploadState& state,
                   const core::Limits& limits) {
    switch (refusal) {
    case UploadRefusal::wrong_offset:
        return Refusal("upload.wrong_offset", {{"offset", std::to_string(state.offset)}});
    case UploadRefusal::taken_over: return Refusal("upload.locked");
    case UploadRefusal::too_long:
        return Refusal("upload.too_long", {{"length", std::to_string(state.length)}});
    case UploadRefusal::wrong_checksum: return Refusal("upload.wrong_checksum");
    case UploadRefusal::too_many_open:
        return Refusal("upload.too_many_open", {{"max", std::to_string(limits.uploads_open_max)}});
    case UploadRefusal::too_much_open: return Refusal("upload.no_room");
    case UploadRefusal::too_many_pieces: return Refusal("upload.too_many_pieces");
    default: return Refusal("upload.not_found");
    }
}

std::string path_of(const ports::UploadState& state) {
    return "/v1/uploads/" + state.id.to_string();
}

std::string document_path(const ports::UploadState& state) {
    return "/v1/documents/" + state.document->hash.to_hex();
}

http::Response state_answer(int status, const ports::UploadState& state) {
    http::Response response(status);
    response.headers.emplace_back("Upload-Offset", std::to_string(state.offset));
    response.headers.emplace_back("Upload-Expires", http_date(state.expires));
    response.headers.emplace_back("Cache-Control", "no-store");
    if (state.document) {
        response.headers.emplace_back("Upload-Document", state.document->hash.to_hex());
    }
    return response;
}

const char* methods_of(bool collection) {
    return collection ? collection_methods : upload_methods;
}

/// Beside OPTIONS.
bool is_method_of(bool collection, std::string_view method) {
    return collection ? method == "POST"
                      : method == "HEAD" || method == "PATCH" || method == "DELETE";
}

http::Response options(bool collection, const core::Limits& limits) {
    http::Response response(204);
    response.headers.emplace_back("Allow", methods_of(collection));
    response.headers.emplace_back("Tus-Version", std::string(version));
    response.headers.emplace_back("Tus-Extension",
                                  "creation,creation-with-upload,expiration,termination,checksum");
    response.headers.emplace_back("Tus-Checksum-Algorithm", "sha1,sha256,sha-256");
    response.headers.emplace_back("Tus-Max-Size", std::to_string(limits.document_bytes_max));
    return response;
}

}   // namespace

sdk::Task<http::Response> PublicApi::call_of_uploads(Call& call, std::string_view id_text) {
    const auto limits = parts_.configuration.current()->limits;
    const bool collection = id_text.empty();
    // For clients behind something that lets only GET and POST through.
    const auto override = call.request.header("X-HTTP-Method-Override");
    const std::string method(override.empty() ? call.request.method : override);
    const auto id = ports::UploadId::parse(id_text);
    http::Response response;
    if (method == "OPTIONS") {
        response = options(collection, limits);
    } else if (!is_method_of(collection, method)) {
        response = problem(view::method_not_allowed(methods_of(collection)), call.context);
    } else if (call.request.header("Tus-Resumable") != version) {
        response =
            problem(Refusal("upload.version_not_supported", {{"version", std::string(version)}}),
                    call.context);
        response.headers.emplace_back("Tus-Version", std::string(version));
    } else if (!may_upload(call.caller)) {
        response = problem(Refusal("auth.not_granted", {{"grant", "send:<type>"}}), call.context);
    } else if (collection) {
        response = co_await create_upload(call);
    } else if (!id) {
        response = problem(Refusal("upload.not_found"), call.context);
    } else if (method == "PATCH") {
        response = co_await append_to_upload(call, *id);
    } else {
        const ports::UploadOwner owner(call.caller.tenant, call.caller.system);
        core::Result<UploadAnswer> answer = UploadAnswer();
        if (method == "HEAD") {
            answer = co_await parts_.uploads.find(owner, *id);
        } else {
            answer = co_await parts_.uploads.remove(owner, *id);
        }
        if (!answer) {
            response = problem(view::refusal_of(answer.error()), call.context);
        } else if (answer->refusal != UploadRefusal::none) {
            response = problem(refusal_of(answer->refusal, answer->state, limits), call.context);
        } else if (method == "DELETE") {
            response = http::Response(204);
        } else {
            response = state_answer(200, answer->state);
            response.headers.emplace_back("Upload-Length", std::to_string(answer->state.length));
            if (!answer->state.metadata.empty()) {
                response.headers.emplace_back("Upload-Metadata", answer->state.metadata);
            }
        }
    }
    response.headers.emplace_back("Tus-Resumable", std::string(version));
    co_return response;
}

sdk::Task<http::Response> PublicApi::create_upload(Call& call) {
    if (draining_) {
        co_return problem(Refusal("service.draining"), call.context);
    }
    const auto limits = parts_.configuration.current()->limits;
    const auto length = read_upload_number(call.request.header("Upload-Length"));
    if (!length) {
        co_return problem(bad_header("Upload-Length"), call.context);
    }
    if (*length > limits.document_bytes_max) {
        co_return problem(
            Refusal("document.too_large", {{"max", std::to_string(limits.document_bytes_max)}}),
            call.context);
    }
    const auto metadata = call.request.header("Upload-Metadata");
    if (!read_upload_metadata(metadata)) {
        co_return problem(bad_header("Upload-Metadata"), call.context);
    }
    const auto type = call.request.header("Content-Type");
    const bool with_bytes = type == body_type;
    if (!with_bytes && call.request.content_length.value_or(0) > 0) {
        co_return problem(
            Refusal("request.unsupported_media_type", {{"expected", std::string(body_type)}}),
            call.context);
    }
    ports::NewUpload wanted(ports::UploadOwner(call.caller.tenant, call.caller.system));
    wanted.length = *length;
    wanted.metadata = metadata;
    wanted.open_max = limits.uploads_open_max;
    wanted.open_bytes_max = limits.upload_bytes_open_max;
    wanted.time_max = limits.upload_time_max;
    auto created = co_await parts_.uploads.create(std::move(wanted));
    if (!created) {
        co_return problem(view::refusal_of(created.error()), call.context);
    }
    if (created->refusal != UploadRefusal::none) {
        co_return problem(refusal_of(created->refusal, created->state, limits), call.context);
    }
    const std::string location = path_of(created->state);
    http::Response response;
    if (with_bytes && !created->state.document) {
        const auto id = created->state.id;
        auto written = co_await append_to_upload(call, id);
        response = std::move(written);
        // The upload is there, whatever became of its first bytes: who knows its address can go on.
        if (response.status == 204) {
            response.status = 201;
            std::erase_if(response.headers,
                          [](const auto& one) { return one.first == "Location"; });
        }
    } else {
        response = state_answer(201, created->state);
    }
    response.headers.emplace_back("Location", location);
    co_return response;
}

sdk::Task<http::Response> PublicApi::append_to_upload(Call& call, ports::UploadId id) {
    if (draining_) {
        co_return problem(Refusal("service.draining"), call.context);
    }
    const auto limits = parts_.configuration.current()->limits;
    const bool creates = call.request.path == "/v1/uploads";
    if (call.request.header("Content-Type") != body_type) {
        co_return problem(
            Refusal("request.unsupported_media_type", {{"expected", std::string(body_type)}}),
            call.context);
    }
    const auto offset = creates ? std::optional<std::uint64_t>(0)
                                : read_upload_number(call.request.header("Upload-Offset"));
    if (!offset) {
        co_return problem(bad_header("Upload-Offset"), call.context);
    }
    std::optional<ports::UploadChecksum> checksum;
    if (const auto header = call.request.header(checksum_header); !header.empty()) {
        checksum = read_upload_checksum(header);
        if (!checksum) {
            co_return problem(bad_header(checksum_header), call.context);
        }
    }
    const ports::UploadOwner owner(call.caller.tenant, call.caller.system);
    const auto answer =
        co_await parts_.uploads.append(owner, id, *offset, *call.request.body, std::move(checksum));
    if (!answer) {
        co_return problem(view::refusal_of(answer.error()), call.context);
    }
    if (answer->refusal != UploadRefusal::none) {
        co_return problem(refusal_of(answer->refusal, answer->state, limits), call.context);
    }
    auto response = state_answer(204, answer->state);
    if (answer->state.document) {
        response.headers.emplace_back("Location", document_path(answer->state));
    }
    co_return response;
}

}   // namespace gateway::accept
