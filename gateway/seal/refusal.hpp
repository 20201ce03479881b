#pragma once

// Why a container or an envelope was refused. Each has a stable name ("seal.zip_ratio_too_high"),
// for events, metrics and those who read them; a failure that has none of these names is the
// world's, not the package's.

#include "gateway/core/failure.hpp"

#include <string_view>

namespace gateway::seal {

enum class Refusal {
    zip_not_a_zip = 1,   // no end record where one must be
    zip_truncated,       // a record points past the end
    zip_trailing_bytes,
    zip_multi_disk,
    zip_record_malformed,   // a directory record or extra field does not follow its format
    zip_entries_too_many,
    zip_directory_too_large,
    zip_entry_too_large,
    zip_total_too_large,
    zip_ratio_too_high,
    zip_name_unsafe,      // absolute, drive, "..", backslash, control character, empty, too long
    zip_name_not_text,    // neither UTF-8 nor ASCII
    zip_name_duplicate,   // also by case and by Unicode composition
    zip_entry_special,    // symbolic link, device, socket, pipe
    zip_entry_encrypted,
    zip_method_unsupported,
    zip_entries_overlap,
    zip_hidden_bytes,       // bytes between entries that the directory does not tell of
    zip_headers_disagree,   // an entry's local header tells another story than the directory
    zip_data_malformed,     // the compressed bytes are no deflate stream of that length
    zip_size_wrong,
    zip_checksum_wrong,

    cms_malformed,
    cms_truncated,
    cms_trailing_bytes,
    cms_not_enveloped,               // another content type
    cms_authenticated_unsupported,   // AuthEnvelopedData: its tag comes after the content
    cms_cipher_unsupported,
    cms_too_large,         // recipients, attributes or nesting past their limits
    cms_not_decryptable,   // every fault of key and padding, told apart to nobody

    recipient_malformed,   // no X.509 certificate
    recipient_not_rsa,
    recipient_key_length,            // RSA below 2048 or over 8192 bits
    recipient_no_key_encipherment,   // its key usage does not allow what we do with it
};

const boost::system::error_category& refusal_category() noexcept;
boost::system::error_code make_error_code(Refusal) noexcept;

/// The stable name of a refusal; empty when the failure is none.
std::string_view refusal_name(const core::Failure& failure) noexcept;
std::string_view refusal_name(Refusal refusal) noexcept;

/// `detail` is ours: places, numbers and limits, never a file's name or content.
core::Failure refused(Refusal refusal, std::string detail = {});

}   // namespace gateway::seal

template <>
struct boost::system::is_error_code_enum<gateway::seal::Refusal> : std::true_type {};
