#include "adapters/fiks_io/fiks_package.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cades_manifest.hpp"
#include "gateway/seal/cades_signer.hpp"
#include "gateway/seal/cms_encrypt.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/xml_text.hpp"

#include <algorithm>
#include <functional>

namespace gateway::fiks_io {

using core::Errc;
using core::Failure;
using core::Result;
using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::size_t piece_bytes = 256U << 10U;   // some milliseconds of deflate and AES
constexpr std::string_view package_list_name = "META-INF/manifest.xml";
constexpr std::string_view package_type = "application/vnd.etsi.asic-e+zip";

/// Of a document that does not open, or is not what was stored.
Outcome document_outcome(const Failure& failure) {
    const bool gone = failure.is(Errc::not_found) || failure.is(Errc::corrupted);
    return Outcome(gone ? Verdict::rejected : Verdict::try_later, "delivery.document_unreadable");
}

Outcome packing_outcome(const Failure& failure) {
    std::string reason(seal::refusal_name(failure));
    if (reason.empty()) {
        reason = failure.code.message();
    }
    return Outcome(Verdict::rejected, "fiks_io.package_failed", {{"reason", reason}});
}

Outcome key_outcome() {
    return Outcome(Verdict::try_later, "fiks_io.key_unavailable");
}

std::string opendocument_list(const std::vector<seal::PackedFile>& files) {
    std::string xml = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
                      "\n"
                      R"(<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)";
    const auto line = [&](std::string_view name, std::string_view type) {
        xml += "<file-entry media-type=\"" + seal::xml_attribute_value(type) + "\" full-path=\"" +
               seal::xml_attribute_value(name) + "\"/>";
    };
    line("/", package_type);
    for (const auto& file : files) {
        line(file.name, file.media_type);
    }
    return xml + "</manifest>";
}

/// Makes the envelope while it is read: documents, then manifest and signature, which need the
/// digests of all that went before.
class SealingSource final : public sdk::ByteSource {
public:
    SealingSource(sdk::Host& host, core::TenantId tenant, Files files,
                  std::vector<std::string> chain, std::shared_ptr<std::optional<Outcome>> trouble)
        : host_(host),
          tenant_(std::move(tenant)),
          files_(std::move(files)),
          chain_(std::move(chain)),
          trouble_(std::move(trouble)) {}

    /// What can be known before anything is sent.
    sdk::Task<std::optional<Outcome>> begin(std::string receiver) {
        std::function<Result<void>()> piece = [&] { return open_envelope(receiver); };
        const auto done = co_await work(std::move(piece));
        if (!done) {
            co_return packing_outcome(done.error());
        }
        co_return co_await open_next();
    }

    sdk::Task<Result<std::size_t>> read(std::span<char> out) override {
        while (at_ == sealed_.size() && !ended_) {
            sealed_.clear();
            at_ = 0;
            auto stopped = co_await advance();
            if (stopped) {
                *trouble_ = std::move(stopped);
                co_return Failure(Errc::unavailable, "the package could not be made");
            }
        }
        const std::size_t count = std::min(out.size(), sealed_.size() - at_);
        std::copy_n(sealed_.data() + at_, count, out.data());
        at_ += count;
        co_return count;
    }

    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    using Step = std::optional<Outcome>;   // nothing: go on

    sdk::Task<Step> advance() {
        if (file_ < files_.size()) {
            co_return co_await add_piece();
        }
        ended_ = true;
        co_return co_await end();
    }

    const PackageFile& file() const { return files_[file_]; }

    sdk::Task<Step> open_next() {
        source_.reset();
        if (file_ == files_.size() || !file().document) {
            co_return std::nullopt;
        }
        const core::Sha256 sha256 = file().document->sha256;
        auto source = co_await host_.documents.open(tenant_, sha256);
        if (!source) {
            co_return document_outcome(source.error());
        }
        source_ = std::move(*source);
        co_return std::nullopt;
    }

    /// The next bytes of the file at hand; none of them are left behind the last.
    sdk::Task<Result<bool>> fill(std::string& buffer) {
        if (!source_) {
            buffer = file().text;
            co_return true;
        }
        buffer.resize(std::min<std::uint64_t>(piece_bytes, file().size() + 1));
        std::size_t filled = 0;
        bool last = false;
        while (filled < buffer.size() && !last) {
            const std::span<char> room(buffer.data() + filled, buffer.size() - filled);
            const auto count = co_await source_->read(room);
            if (!count) {
                co_return count.error();
            }
            filled += *count;
            last = *count == 0;
        }
        buffer.resize(filled);
        co_return last;
    }

    sdk::Task<Step> add_piece() {
        std::string buffer;
        const auto last = co_await fill(buffer);
        if (!last) {
            co_return document_outcome(last.error());
        }
        const bool first = std::exchange(inside_, true) == false;
        const bool is_last = *last;
        std::function<Result<void>()> piece = [&] { return put_file(buffer, first, is_last); };
        const auto done = co_await work(std::move(piece));
        if (!done) {
            // The container only refuses more or fewer bytes than were said, and names checked at
            // accept.
            co_return done.error().is(Errc::corrupted) ? document_outcome(done.error())
                                                       : packing_outcome(done.error());
        }
        if (!is_last) {
            co_return std::nullopt;
        }
        if (file().document && packed_.back().sha256 != file().document->sha256) {
            co_return document_outcome(Failure(Errc::corrupted));
        }
        inside_ = false;
        ++file_;
        co_return co_await open_next();
    }

    sdk::Task<Step> end() {
        const std::string signature_name =
            "META-INF/signature-" + host_.ids.uuid().to_string() + ".p7s";
        seal::CadesInput input;
        const auto manifest = write_manifest(signature_name);
        if (!manifest) {
            co_return packing_outcome(manifest.error());
        }
        input.manifest = *manifest;
        input.chain = chain_;
        input.signing_time = host_.clock.now();
        const auto draft = seal::draft_cades(input);
        if (!draft) {
            co_return packing_outcome(draft.error());
        }
        const auto signed_bytes = co_await host_.keys.sign_rs256(draft->to_sign());
        if (!signed_bytes) {
            co_return key_outcome();
        }
        const auto signature = draft->finish(*signed_bytes);
        if (!signature) {   // the key is not the certificate's: nobody could verify the message
            co_return key_outcome();
        }
        std::function<Result<void>()> piece = [&] {
            return close_envelope(*manifest, signature_name, *signature);
        };
        const auto done = co_await work(std::move(piece));
        if (!done) {
            co_return packing_outcome(done.error());
        }
        co_return std::nullopt;
    }

    sdk::Task<Result<void>> work(std::function<Result<void>()> piece) {
        Result<void> done;
        std::function<void()> job = [&] { done = piece(); };
        co_await host_.work.run(std::move(job));
        co_return done;
    }

    // Pieces: no strand, no coroutine.

    Result<void> open_envelope(const std::string& receiver) {
        auto envelope = seal::CmsEncrypter::create(std::span(&receiver, 1), host_.ids);
        if (!envelope) {
            return envelope.error();
        }
        envelope_.emplace(std::move(*envelope));
        seal::AsicOptions options;
        options.modified = host_.clock.now();
        options.comment = true;   // as KS' Java client writes it
        container_.emplace(options);
        return {};
    }

    Result<void> put_file(std::string_view bytes, bool first, bool last) {
        const PackageFile& what = file();
        const seal::FileToPack entry(what.name, what.media_type, what.size());
        return put(entry, bytes, first, last);
    }

    Result<void> put(const seal::FileToPack& entry, std::string_view bytes, bool first, bool last) {
        if (first) {
            const auto begun = container_->begin_file(entry, plain_);
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

    Result<std::string> write_manifest(const std::string& signature_name) const {
        std::vector<seal::FileToSign> to_sign;
        for (const auto& one : packed_) {
            to_sign.push_back(one);
        }
        return seal::write_cades_manifest(to_sign, signature_name);
    }

    Result<void> close_envelope(const std::string& manifest, const std::string& signature_name,
                                const std::string& signature) {
        const std::string list = opendocument_list(packed_);
        const auto whole = [&](std::string_view name, const char* type, const std::string& bytes) {
            return put(seal::FileToPack(std::string(name), type, bytes.size()), bytes, true, true);
        };
        auto done = whole(seal::cades_manifest_name, "application/xml", manifest);
        if (done) {
            done = whole(signature_name, "application/x-pkcs7-signature", signature);
        }
        if (done) {
            done = whole(package_list_name, "application/xml", list);
        }
        if (done) {
            done = container_->finish(plain_);
        }
        if (!done) {
            return done;
        }
        envelope_->write(plain_, sealed_);
        plain_.clear();
        envelope_->finish(sealed_);
        return {};
    }

    sdk::Host& host_;
    core::TenantId tenant_;
    Files files_;
    std::vector<std::string> chain_;
    std::shared_ptr<std::optional<Outcome>> trouble_;
    std::size_t file_ = 0;
    bool inside_ = false;   // begun, not ended
    bool ended_ = false;
    std::unique_ptr<sdk::ByteSource> source_;   // of the file at hand, when it is a document
    std::optional<seal::AsicWriter> container_;
    std::optional<seal::CmsEncrypter> envelope_;
    std::string plain_;    // of the container, on its way into the envelope
    std::string sealed_;   // of the envelope, on its way out
    std::size_t at_ = 0;   // of `sealed_`
    std::vector<seal::PackedFile> packed_;
};

}   // namespace

sdk::Task<Looked<SealedStream>> seal_files(sdk::Host& host, core::TenantId tenant, Files files,
                                           std::string receiver_certificate) {
    auto chain = co_await host.keys.certificate_chain();
    if (!chain || chain->empty()) {
        co_return Looked<SealedStream>(key_outcome());
    }
    SealedStream made;
    made.trouble = std::make_shared<std::optional<Outcome>>();
    auto source = std::make_unique<SealingSource>(host, std::move(tenant), std::move(files),
                                                  std::move(*chain), made.trouble);
    auto stopped = co_await source->begin(std::move(receiver_certificate));
    if (stopped) {
        co_return Looked<SealedStream>(std::move(*stopped));
    }
    made.source = std::move(source);
    co_return Looked<SealedStream>(std::move(made));
}

}   // namespace gateway::fiks_io
