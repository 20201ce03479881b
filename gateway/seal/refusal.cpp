#include "gateway/seal/refusal.hpp"

namespace gateway::seal {
namespace {

class RefusalCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "seal"; }
    std::string message(int value) const override {
        return std::string(refusal_name(static_cast<Refusal>(value)));
    }
};

}   // namespace

std::string_view refusal_name(Refusal refusal) noexcept {
    switch (refusal) {
    case Refusal::zip_not_a_zip: return "zip.not_a_zip";
    case Refusal::zip_truncated: return "zip.truncated";
    case Refusal::zip_trailing_bytes: return "zip.trailing_bytes";
    case Refusal::zip_multi_disk: return "zip.multi_disk";
    case Refusal::zip_record_malformed: return "zip.record_malformed";
    case Refusal::zip_entries_too_many: return "zip.entries_too_many";
    case Refusal::zip_directory_too_large: return "zip.directory_too_large";
    case Refusal::zip_entry_too_large: return "zip.entry_too_large";
    case Refusal::zip_total_too_large: return "zip.total_too_large";
    case Refusal::zip_ratio_too_high: return "zip.ratio_too_high";
    case Refusal::zip_name_unsafe: return "zip.name_unsafe";
    case Refusal::zip_name_not_text: return "zip.name_not_text";
    case Refusal::zip_name_duplicate: return "zip.name_duplicate";
    case Refusal::zip_entry_special: return "zip.entry_special";
    case Refusal::zip_entry_encrypted: return "zip.entry_encrypted";
    case Refusal::zip_method_unsupported: return "zip.method_unsupported";
    case Refusal::zip_entries_overlap: return "zip.entries_overlap";
    case Refusal::zip_hidden_bytes: return "zip.hidden_bytes";
    case Refusal::zip_headers_disagree: return "zip.headers_disagree";
    case Refusal::zip_data_malformed: return "zip.data_malformed";
    case Refusal::zip_size_wrong: return "zip.size_wrong";
    case Refusal::zip_checksum_wrong: return "zip.checksum_wrong";
    case Refusal::cms_malformed: return "cms.malformed";
    case Refusal::cms_truncated: return "cms.truncated";
    case Refusal::cms_trailing_bytes: return "cms.trailing_bytes";
    case Refusal::cms_not_enveloped: return "cms.not_enveloped";
    case Refusal::cms_authenticated_unsupported: return "cms.authenticated_unsupported";
    case Refusal::cms_cipher_unsupported: return "cms.cipher_unsupported";
    case Refusal::cms_too_large: return "cms.too_large";
    case Refusal::cms_not_decryptable: return "cms.not_decryptable";
    case Refusal::recipient_malformed: return "recipient.malformed";
    case Refusal::recipient_not_rsa: return "recipient.not_rsa";
    case Refusal::recipient_key_too_short: return "recipient.key_too_short";
    case Refusal::recipient_no_key_encipherment: return "recipient.no_key_encipherment";
    }
    return "refused";
}

std::string_view refusal_name(const core::Failure& failure) noexcept {
    if (failure.code.category() != refusal_category()) {
        return {};
    }
    return refusal_name(static_cast<Refusal>(failure.code.value()));
}

const boost::system::error_category& refusal_category() noexcept {
    static const RefusalCategory category;
    return category;
}

boost::system::error_code make_error_code(Refusal refusal) noexcept {
    return {static_cast<int>(refusal), refusal_category()};
}

core::Failure refused(Refusal refusal, std::string detail) {
    return core::Failure(make_error_code(refusal), std::move(detail));
}

}   // namespace gateway::seal
