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
    case Refusal::zip_not_a_zip: return "seal.zip_not_a_zip";
    case Refusal::zip_truncated: return "seal.zip_truncated";
    case Refusal::zip_trailing_bytes: return "seal.zip_trailing_bytes";
    case Refusal::zip_multi_disk: return "seal.zip_multi_disk";
    case Refusal::zip_record_malformed: return "seal.zip_record_malformed";
    case Refusal::zip_entries_too_many: return "seal.zip_entries_too_many";
    case Refusal::zip_directory_too_large: return "seal.zip_directory_too_large";
    case Refusal::zip_entry_too_large: return "seal.zip_entry_too_large";
    case Refusal::zip_total_too_large: return "seal.zip_total_too_large";
    case Refusal::zip_ratio_too_high: return "seal.zip_ratio_too_high";
    case Refusal::zip_name_unsafe: return "seal.zip_name_unsafe";
    case Refusal::zip_name_not_text: return "seal.zip_name_not_text";
    case Refusal::zip_name_duplicate: return "seal.zip_name_duplicate";
    case Refusal::zip_entry_special: return "seal.zip_entry_special";
    case Refusal::zip_entry_encrypted: return "seal.zip_entry_encrypted";
    case Refusal::zip_method_unsupported: return "seal.zip_method_unsupported";
    case Refusal::zip_entries_overlap: return "seal.zip_entries_overlap";
    case Refusal::zip_hidden_bytes: return "seal.zip_hidden_bytes";
    case Refusal::zip_headers_disagree: return "seal.zip_headers_disagree";
    case Refusal::zip_data_malformed: return "seal.zip_data_malformed";
    case Refusal::zip_size_wrong: return "seal.zip_size_wrong";
    case Refusal::zip_checksum_wrong: return "seal.zip_checksum_wrong";
    case Refusal::cms_malformed: return "seal.cms_malformed";
    case Refusal::cms_truncated: return "seal.cms_truncated";
    case Refusal::cms_trailing_bytes: return "seal.cms_trailing_bytes";
    case Refusal::cms_not_enveloped: return "seal.cms_not_enveloped";
    case Refusal::cms_authenticated_unsupported: return "seal.cms_authenticated_unsupported";
    case Refusal::cms_cipher_unsupported: return "seal.cms_cipher_unsupported";
    case Refusal::cms_too_large: return "seal.cms_too_large";
    case Refusal::cms_not_decryptable: return "seal.cms_not_decryptable";
    case Refusal::recipient_malformed: return "seal.recipient_malformed";
    case Refusal::recipient_not_rsa: return "seal.recipient_not_rsa";
    case Refusal::recipient_key_length: return "seal.recipient_key_length";
    case Refusal::recipient_no_key_encipherment: return "seal.recipient_no_key_encipherment";
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
