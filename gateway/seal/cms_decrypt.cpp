#include "gateway/seal/cms_decrypt.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/seal/ber_walker.hpp"
#include "gateway/seal/cbc_decrypter.hpp"
#include "gateway/seal/cms_names.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/tlv.hpp"

#include <optional>

namespace gateway::seal {
namespace {

using core::Result;
using Walk = BerWalker::Step;

constexpr std::uint8_t tagged0 = tlv::context | tlv::constructed;
constexpr std::uint8_t tagged1 = tlv::context | tlv::constructed | 1U;
constexpr std::uint8_t segments = tlv::octet_string | tlv::constructed;
constexpr std::size_t content_depth = 5;   // open elements while the content is

/// What may come next, in the order of RFC 5652.
enum class Expect {
    content_info,
    content_type,
    enveloped_tag,
    enveloped_data,
    version,
    originator_or_recipients,
    recipients,
    encrypted_info,
    inner_type,
    cipher,
    content,
    content_bytes,
    encrypted_info_end,
    attributes_or_end,
    end,
};

struct Cipher {
    std::size_t key_bytes = 0;
    std::string iv;
};

bool is_gcm(std::string_view name) {
    return name == oid::aes128_gcm || name == oid::aes192_gcm || name == oid::aes256_gcm;
}

std::size_t cbc_key_bytes(std::string_view name) {
    if (name == oid::aes128_cbc) {
        return 16;
    }
    if (name == oid::aes192_cbc) {
        return 24;
    }
    return name == oid::aes256_cbc ? 32 : 0;
}

Result<Cipher> parse_cipher(std::string_view element) {
    const auto algorithm = tlv::take(element);
    std::string_view rest = algorithm ? algorithm->content : std::string_view();
    const auto name = tlv::take(rest);
    if (!name || name->identifier != tlv::object_identifier) {
        return refused(Refusal::cms_malformed, "the content's algorithm");
    }
    if (is_gcm(name->content)) {
        return refused(Refusal::cms_authenticated_unsupported);
    }
    Cipher cipher;
    cipher.key_bytes = cbc_key_bytes(name->content);
    if (cipher.key_bytes == 0) {
        return refused(Refusal::cms_cipher_unsupported);
    }
    const auto iv = tlv::take(rest);
    if (!iv || iv->identifier != tlv::octet_string ||
        iv->content.size() != CbcDecrypter::iv_bytes || !rest.empty()) {
        return refused(Refusal::cms_malformed, "the content's initialization vector");
    }
    cipher.iv = iv->content;
    return cipher;
}

/// The one object identifier that `element` is.
std::string_view identifier_of(std::string_view element) {
    const auto identifier = tlv::take(element);
    return identifier ? identifier->content : std::string_view();
}

core::Failure unexpected() {
    return refused(Refusal::cms_malformed, "a part that must not stand here");
}

}   // namespace

struct CmsDecrypter::Impl {
    explicit Impl(const CmsLimits& with) : limits(with), walker(with.depth_max) {}

    CmsLimits limits;
    BerWalker walker;
    Expect expect = Expect::content_info;
    std::optional<BerCollector> collector;
    std::vector<WrappedKey> recipients;
    Cipher cipher;
    std::optional<CbcDecrypter> decrypter;
    bool wants_key = false;
    std::string waiting;   // came with the last write before the key
    std::optional<core::Failure> failed;

    Result<void> fail(core::Failure why) {
        failed = why;
        return why;
    }

    Result<void> run(std::string_view bytes, std::string& out) {
        while (!wants_key) {
            const auto step = walker.next(bytes);
            if (step.has_error()) {
                return step.error();
            }
            if (*step == Walk::need_more) {
                return {};
            }
            if (*step == Walk::finished) {
                return bytes.empty() ? Result<void>() : refused(Refusal::cms_trailing_bytes);
            }
            const auto taken = collector ? collect(*step) : take(*step, out);
            if (taken.has_error()) {
                return taken.error();
            }
        }
        waiting = bytes;
        return {};
    }

    Result<void> collect(Walk step) {
        const auto whole = collector->take(step, walker);
        if (whole.has_error()) {
            return whole.error();
        }
        if (!*whole) {
            return {};
        }
        const std::string element = collector->element();
        collector.reset();
        return collected(element);
    }

    Result<void> begin_collecting(std::size_t bytes_max) {
        collector.emplace(bytes_max);
        return collect(Walk::opened);
    }

    /// A step outside the parts that are collected.
    Result<void> take(Walk step, std::string& out) {
        if (step == Walk::content) {
            if (expect != Expect::content_bytes) {
                return unexpected();
            }
            decrypter->write(walker.content(), out);
            return {};
        }
        return step == Walk::opened ? opened(walker.identifier()) : closed();
    }

    Result<void> opened(std::uint8_t identifier) {
        switch (expect) {
        case Expect::content_info: return enter(identifier, tlv::sequence, Expect::content_type);
        case Expect::enveloped_tag: return enter(identifier, tagged0, Expect::enveloped_data);
        case Expect::enveloped_data: return enter(identifier, tlv::sequence, Expect::version);
        case Expect::encrypted_info: return enter(identifier, tlv::sequence, Expect::inner_type);
        case Expect::content_type:
        case Expect::inner_type:
            return identifier == tlv::object_identifier ? begin_collecting(limits.other_bytes_max)
                                                        : Result<void>(unexpected());
        case Expect::version:
            return identifier == tlv::integer ? begin_collecting(limits.other_bytes_max)
                                              : Result<void>(unexpected());
        case Expect::cipher:
            return identifier == tlv::sequence ? begin_collecting(limits.other_bytes_max)
                                               : Result<void>(unexpected());
        case Expect::originator_or_recipients:
            if (identifier == tagged0) {
                return begin_collecting(limits.other_bytes_max);
            }
            expect = Expect::recipients;
            [[fallthrough]];
        case Expect::recipients:
            return identifier == tlv::set ? begin_collecting(limits.recipients_bytes_max)
                                          : Result<void>(unexpected());
        case Expect::content:
            if (identifier != tagged0 && identifier != tlv::context) {
                return unexpected();
            }
            expect = Expect::content_bytes;
            return {};
        case Expect::content_bytes:
            return identifier == tlv::octet_string || identifier == segments
                       ? Result<void>()
                       : Result<void>(unexpected());
        case Expect::attributes_or_end:
            return identifier == tagged1 ? begin_collecting(limits.other_bytes_max)
                                         : Result<void>(unexpected());
        case Expect::encrypted_info_end:
        case Expect::end: return unexpected();
        }
        return unexpected();
    }

    Result<void> enter(std::uint8_t identifier, std::uint8_t wanted, Expect inside) {
        if (identifier != wanted) {
            return unexpected();
        }
        expect = inside;
        return {};
    }

    Result<void> closed() {
        switch (expect) {
        case Expect::content_bytes:
            if (walker.depth() < content_depth) {
                expect = Expect::encrypted_info_end;
            }
            return {};
        case Expect::encrypted_info_end: expect = Expect::attributes_or_end; return {};
        case Expect::attributes_or_end: expect = Expect::end; return {};
        case Expect::end: return {};
        default: return unexpected();
        }
    }

    Result<void> collected(std::string_view element) {
        switch (expect) {
        case Expect::content_type: return take_content_type(identifier_of(element));
        case Expect::version: expect = Expect::originator_or_recipients; return {};
        case Expect::originator_or_recipients: expect = Expect::recipients; return {};
        case Expect::recipients: return take_recipients(element);
        case Expect::inner_type:
            if (identifier_of(element) != oid::data) {
                return refused(Refusal::cms_not_enveloped, "the content is not plain data");
            }
            expect = Expect::cipher;
            return {};
        case Expect::cipher: return take_cipher(element);
        case Expect::attributes_or_end: expect = Expect::end; return {};
        default: return unexpected();
        }
    }

    Result<void> take_content_type(std::string_view type) {
        if (type == oid::authenticated_enveloped_data) {
            return refused(Refusal::cms_authenticated_unsupported);
        }
        if (type != oid::enveloped_data) {
            return refused(Refusal::cms_not_enveloped);
        }
        expect = Expect::enveloped_tag;
        return {};
    }

    Result<void> take_recipients(std::string_view set) {
        auto parsed = parse_recipients(set, limits.recipients_max);
        if (parsed.has_error()) {
            return parsed.error();
        }
        recipients = std::move(*parsed);
        expect = Expect::encrypted_info;
        return {};
    }

    Result<void> take_cipher(std::string_view element) {
        auto parsed = parse_cipher(element);
        if (parsed.has_error()) {
            return parsed.error();
        }
        cipher = std::move(*parsed);
        expect = Expect::content;
        wants_key = true;
        return {};
    }
};

CmsDecrypter::CmsDecrypter(const CmsLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
CmsDecrypter::CmsDecrypter(CmsDecrypter&&) noexcept = default;
CmsDecrypter& CmsDecrypter::operator=(CmsDecrypter&&) noexcept = default;
CmsDecrypter::~CmsDecrypter() = default;

bool CmsDecrypter::wants_key() const {
    return impl_->wants_key;
}

const std::vector<WrappedKey>& CmsDecrypter::recipients() const {
    return impl_->recipients;
}

std::size_t CmsDecrypter::key_bytes() const {
    return impl_->cipher.key_bytes;
}

core::Result<void> CmsDecrypter::write(std::string_view bytes, std::string& out) {
    if (impl_->failed) {
        return *impl_->failed;
    }
    if (impl_->wants_key) {
        return core::Failure(core::Errc::invalid_argument, "the content key comes first");
    }
    auto done = impl_->run(bytes, out);
    return done.has_error() ? impl_->fail(done.error()) : done;
}

core::Result<void> CmsDecrypter::give_key(std::string_view key, std::string& out) {
    if (!impl_->wants_key) {
        return core::Failure(core::Errc::invalid_argument, "no content key is wanted");
    }
    impl_->decrypter.emplace(key, impl_->cipher.key_bytes, impl_->cipher.iv);
    impl_->wants_key = false;
    const std::string waiting = std::exchange(impl_->waiting, {});
    return write(waiting, out);
}

core::Result<void> CmsDecrypter::finish(std::string& out) {
    if (impl_->failed) {
        return *impl_->failed;
    }
    if (!impl_->walker.finished()) {
        return impl_->fail(refused(Refusal::cms_truncated));
    }
    if (!impl_->decrypter->finish(out)) {
        return impl_->fail(refused(Refusal::cms_not_decryptable));
    }
    return {};
}

}   // namespace gateway::seal
