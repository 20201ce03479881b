#include "gateway/accept/api.hpp"
#include "gateway/accept/content_digest.hpp"
#include "gateway/accept/multipart.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <vector>

// POST /v1/messages as multipart/form-data: the message first, then its files, each streamed into
// the document store.

namespace gateway::accept {
namespace {

constexpr std::size_t parts_max = 101;   // the message and 100 files
constexpr std::size_t block_bytes = 65536;

/// The part names that the message's documents refer to.
std::vector<std::string> referred_parts(const json::Value& message) {
    std::vector<std::string> names;
    for (const auto& document : message["documents"].items()) {
        if (document["part"].is_string()) {
            names.push_back(document["part"].as_string());
        }
    }
    return names;
}

/// A dry run reads and discards: size and hashes are all that is kept.
class Discarding final : public ports::DocumentWriter {
public:
    explicit Discarding(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

    sdk::Task<core::Result<void>> append(std::span<const char> bytes) override {
        size_ += bytes.size();
        if (size_ > bytes_max_) {
            co_return core::Failure(core::Errc::too_large);
        }
        digest_.update({bytes.data(), bytes.size()});
        co_return core::Result<void>();
    }

    sdk::Task<core::Result<ports::StoredDocument>> commit() override {
        ports::StoredDocument stored;
        stored.hash = digest_.sha256();
        stored.md5_hex = digest_.md5_hex();
        stored.size = size_;
        co_return stored;
    }

private:
    crypto::DigestStream digest_;
    std::uint64_t size_ = 0;
    std::uint64_t bytes_max_;
};

}   // namespace

sdk::Task<core::Result<ports::IntakeRequest>>
PublicApi::read_multipart(Call& call, const std::string& boundary, ports::Refusal& refusal,
                          ports::IntakeRequest request) {
    const auto limits = parts_.configuration.current()->limits;
    MultipartReader reader(*call.request.body, boundary);
    const core::Failure stop(core::Errc::malformed);
    const auto refuse_read = [&refusal](const core::Failure& failure) {
        refusal = failure.is(core::Errc::malformed) ? ports::Refusal("request.bad_multipart")
                                                    : refusal_of(failure);
    };
    std::vector<std::string> expected;
    for (std::size_t count = 0;; ++count) {
        auto part = co_await reader.next_part();
        if (!part) {
            refuse_read(part.error());
            co_return stop;
        }
        if (!part->has_value()) {
            break;
        }
        const PartHead head = **part;
        if (count >= parts_max) {
            refusal =
                ports::Refusal("request.too_many_parts", {{"max", std::to_string(parts_max)}});
            co_return stop;
        }
        if (count == 0 && head.name != "message") {
            refusal = ports::Refusal("request.message_part_first");
            co_return stop;
        }
        if (count > 0 && head.name == "message") {
            refusal = ports::Refusal("request.duplicate_part", {{"part", head.name}});
            co_return stop;
        }
        std::string text;
        std::unique_ptr<ports::DocumentWriter> writer;
        if (count > 0) {
            if (std::find(expected.begin(), expected.end(), head.name) == expected.end()) {
                refusal = ports::Refusal("request.unused_file_part", {{"part", head.name}});
                co_return stop;
            }
            if (request.parts.contains(head.name)) {
                refusal = ports::Refusal("request.duplicate_part", {{"part", head.name}});
                co_return stop;
            }
            if (request.dry_run) {
                writer = std::make_unique<Discarding>(limits.document_bytes_max);
            } else {
                auto created = co_await parts_.documents.create(
                    call.caller.tenant, call.caller.system, limits.document_bytes_max);
                if (!created) {
                    refusal = refusal_of(created.error());
                    co_return stop;
                }
                writer = std::move(*created);
            }
        }
        std::vector<char> block(block_bytes);
        for (;;) {
            const auto bytes = co_await reader.read(block);
            if (!bytes) {
                refuse_read(bytes.error());
                co_return stop;
            }
            if (*bytes == 0) {
                break;
            }
            if (!writer) {
                text.append(block.data(), *bytes);
                if (text.size() > limits.message_bytes_max) {
                    refusal = ports::Refusal("request.too_large",
                                             {{"max", std::to_string(limits.message_bytes_max)}});
                    co_return stop;
                }
                continue;
            }
            const std::span<const char> taken(block.data(), *bytes);
            const auto kept = co_await writer->append(taken);
            if (!kept) {
                refusal = kept.error().is(core::Errc::too_large)
                              ? ports::Refusal("document.too_large",
                                               {{"max", std::to_string(limits.document_bytes_max)}})
                              : refusal_of(kept.error());
                co_return stop;
            }
        }
        if (!writer) {
            auto message = parse_json(text, limits, refusal);
            if (!message) {
                co_return stop;
            }
            request.message = std::move(*message);
            expected = referred_parts(request.message);
            continue;
        }
        const auto stated = stated_digest(head.content_digest);
        auto stored = co_await writer->commit();
        if (!stored) {
            refusal = refusal_of(stored.error());
            co_return stop;
        }
        if (!stated.readable || (stated.sha256 && *stated.sha256 != stored->hash)) {
            refusal = ports::Refusal(
                "request.checksum_mismatch");   // what was stored is an orphan and is collected
            co_return stop;
        }
        request.parts.emplace(head.name, *stored);
    }
    for (const auto& name : expected) {
        if (!request.parts.contains(name)) {
            refusal = ports::Refusal("request.missing_file_part", {{"part", name}});
            co_return stop;
        }
    }
    co_return std::move(request);
}

}   // namespace gateway::accept
