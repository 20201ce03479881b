#include "adapters/digital_post/dpi_package.hpp"

#include "adapters/digital_post/dpi_files.hpp"
#include "adapters/digital_post/dpi_manifest.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/xades_writer.hpp"

#include <algorithm>
#include <array>

namespace gateway::digital_post {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::size_t piece_bytes = 256U << 10U;   // some milliseconds of deflate and AES
constexpr std::uint64_t overhead_max = 16U << 20U;

constexpr std::array<std::string_view, 4> compressed_already{
    "image/", "application/octet-stream", "application/vnd.oasis.opendocument.",
    "application/vnd.openxmlformats-officedocument."};

bool gains_by_deflate(std::string_view type) {
    return std::none_of(compressed_already.begin(), compressed_already.end(),
                        [&](std::string_view head) { return type.starts_with(head); });
}

/// Of a document that does not open, or is not what was stored.
Outcome document_outcome(const Failure& failure) {
    const bool gone = failure.is(Errc::not_found) || failure.is(Errc::corrupted);
    return Outcome(gone ? Verdict::rejected : Verdict::try_later, "delivery.document_unreadable");
}

/// Of a container, an envelope or a spool that fails.
Outcome packing_outcome(const Failure& failure) {
    if (failure.is(Errc::corrupted) || failure.is(Errc::not_found)) {
        return document_outcome(failure);
    }
    if (failure.is(Errc::storage_full)) {
        return Outcome(Verdict::try_later, "service.storage_full");
    }
    if (failure.is(Errc::storage_failed)) {
        return Outcome(Verdict::try_later, "service.storage_failed");
    }
    std::string reason(seal::refusal_name(failure));
    if (reason.empty()) {
        reason = failure.code.message();
    }
    return Outcome(Verdict::rejected, "digital_post.package_failed", {{"reason", reason}});
}

}   // namespace

sdk::Task<Packing> Packer::pack() {
    auto stopped = co_await begin();
    for (const auto& file : order_.letter.files) {
        if (!stopped) {
            stopped = co_await add(file);
        }
    }
    if (!stopped) {
        stopped = co_await end();
    }
    if (stopped) {
        co_return Packing(std::move(*stopped));
    }
    Package package;
    package.envelope = std::move(spool_);
    package.sha256 = facts_.sha256.to_bytes();
    co_return Packing(std::move(package));
}

sdk::Task<Packer::Step> Packer::begin() {
    auto spool = co_await host_.spools.create(package_bytes_max + overhead_max);
    if (!spool) {
        co_return packing_outcome(spool.error());
    }
    spool_ = std::move(*spool);
    std::function<Result<void>()> piece = [this] { return open_envelope(); };
    const auto done = co_await press(std::move(piece));
    if (!done) {
        co_return packing_outcome(done.error());
    }
    co_return std::nullopt;
}

sdk::Task<Packer::Step> Packer::add(const PackageFile& file) {
    auto source =
        co_await host_.documents.open(order_.letter.delivery->tenant, file.document.sha256);
    if (!source) {
        co_return document_outcome(source.error());
    }
    seal::FileToPack entry(file.document.name, file.media_type, file.document.size);
    entry.compress = gains_by_deflate(file.media_type);
    std::string buffer(std::min<std::uint64_t>(piece_bytes, file.document.size + 1), '\0');
    bool first = true;
    bool last = false;
    while (!last) {
        std::size_t filled = 0;
        while (filled < buffer.size() && !last) {
            const std::span<char> room(buffer.data() + filled, buffer.size() - filled);
            const auto count = co_await (*source)->read(room);
            if (!count) {
                co_return document_outcome(count.error());
            }
            filled += *count;
            last = *count == 0;
        }
        const std::string_view bytes(buffer.data(), filled);
        std::function<Result<void>()> piece = [&] { return put(entry, bytes, first, last); };
        const auto done = co_await press(std::move(piece));
        if (!done) {
            co_return packing_outcome(done.error());
        }
        first = false;
    }
    if (packed_.back().sha256 != file.document.sha256) {
        co_return document_outcome(Failure(Errc::corrupted));
    }
    co_return std::nullopt;
}

sdk::Task<Packer::Step> Packer::end() {
    seal::XadesInput input;
    for (const auto& file : packed_) {
        seal::FileToSign signed_file;
        signed_file.name = file.name;
        signed_file.media_type = file.media_type;
        signed_file.sha256 = file.sha256;
        input.files.push_back(std::move(signed_file));
    }
    input.chain = order_.chain;
    input.signing_time = host_.clock.now();
    const auto draft = seal::draft_xades(input);
    if (!draft) {
        co_return packing_outcome(draft.error());
    }
    const auto signature = co_await host_.keys.sign_rs256(draft->to_sign());
    if (!signature) {
        co_return Outcome(Verdict::try_later, "digital_post.key_unavailable");
    }
    const auto signatures = draft->finish(*signature);
    if (!signatures) {   // the key is not the certificate's: nobody could verify the letter
        co_return Outcome(Verdict::try_later, "digital_post.key_unavailable");
    }
    std::function<Result<void>()> piece = [&] { return close_envelope(*signatures); };
    const auto done = co_await press(std::move(piece));
    if (!done) {
        co_return packing_outcome(done.error());
    }
    const auto finished = co_await spool_->finish();
    if (!finished) {
        co_return packing_outcome(finished.error());
    }
    co_return std::nullopt;
}

sdk::Task<Result<void>> Packer::press(std::function<Result<void>()> piece) {
    Result<void> done;
    std::function<void()> job = [&] { done = piece(); };
    co_await host_.work.run(std::move(job));
    if (!done) {
        co_return done.error();
    }
    if (!sealed_.empty()) {
        const auto written = co_await spool_->write(sealed_);
        if (!written) {
            co_return written.error();
        }
        sealed_.clear();
    }
    co_return Result<void>();
}

Result<void> Packer::open_envelope() {
    auto envelope = seal::CmsEncrypter::create(std::span(&order_.recipient, 1), host_.ids);
    if (!envelope) {
        return envelope.error();
    }
    envelope_.emplace(std::move(*envelope));
    seal::AsicOptions options;
    options.modified = host_.clock.now();
    options.comment = true;   // as in every official sample
    container_.emplace(options);
    return put_whole("manifest.xml", "application/xml", order_.manifest);
}

Result<void> Packer::put(const seal::FileToPack& file, std::string_view bytes, bool first,
                         bool last) {
    if (first) {
        const auto begun = container_->begin_file(file, plain_);
        if (!begun) {
            return begun.error();
        }
    }
    if (!container_->write(bytes, plain_)) {
        return Failure(Errc::corrupted, "more bytes than were stored");
    }
    if (last) {
        auto packed = container_->end_file(plain_);
        if (!packed) {
            return Failure(Errc::corrupted, "fewer bytes than were stored");
        }
        packed_.push_back(std::move(*packed));
    }
    envelope_->write(plain_, sealed_);
    plain_.clear();
    return {};
}

Result<void> Packer::put_whole(const char* name, const char* type, const std::string& text) {
    return put(seal::FileToPack(name, type, text.size()), text, true, true);
}

Result<void> Packer::close_envelope(const std::string& signatures) {
    const auto signed_one = put_whole("META-INF/signatures.xml", "application/xml", signatures);
    if (!signed_one) {
        return signed_one.error();
    }
    const auto listed =
        put_whole("META-INF/manifest.xml", "application/xml", package_list_xml(order_.letter));
    if (!listed) {
        return listed.error();
    }
    const auto finished = container_->finish(plain_);
    if (!finished) {
        return finished.error();
    }
    envelope_->write(plain_, sealed_);
    plain_.clear();
    facts_ = envelope_->finish(sealed_);
    return {};
}

}   // namespace gateway::digital_post
