#include "gateway/records/checkpoints.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/ed25519.hpp"
#include "gateway/records/log_chain.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::records {
namespace {

using core::Errc;
using core::Failure;

constexpr std::string_view word = "sluse-checkpoint-v1";
constexpr std::string_view signature_word = " signature=";

core::Failure malformed() {
    return Failure(Errc::malformed, "not a checkpoint");
}

std::string signed_part(const Checkpoint& checkpoint) {
    return std::string(word) + " tenant=" + checkpoint.tenant.value +
           " number=" + std::to_string(checkpoint.head.number) +
           " hash=" + core::to_hex(checkpoint.head.hash) +
           " at=" + core::to_rfc3339(checkpoint.at) + " before=" + core::to_hex(checkpoint.before);
}

/// Takes " name=value" off the front; nothing when something else stands there.
std::optional<std::string_view> take(std::string_view& text, std::string_view name) {
    if (text.size() < name.size() + 2 || text.front() != ' ' ||
        text.substr(1, name.size()) != name || text[name.size() + 1] != '=') {
        return std::nullopt;
    }
    text.remove_prefix(name.size() + 2);
    const auto end = std::min(text.find(' '), text.size());
    const auto value = text.substr(0, end);
    text.remove_prefix(end);
    return value;
}

std::optional<Checkpoint> parse(std::string_view text) {
    if (!text.starts_with(word)) {
        return std::nullopt;
    }
    text.remove_prefix(word.size());
    const auto tenant = take(text, "tenant");
    const auto number = take(text, "number");
    const auto hash = take(text, "hash");
    const auto at = take(text, "at");
    const auto before = take(text, "before");
    if (!tenant || !number || !hash || !at || !before || !text.empty()) {
        return std::nullopt;
    }
    Checkpoint read;
    read.tenant = core::TenantId(std::string(*tenant));
    const auto parsed =
        std::from_chars(number->data(), number->data() + number->size(), read.head.number);
    const auto head = core::parse_sha256(*hash);
    const auto line = core::parse_sha256(*before);
    const auto time = core::parse_rfc3339(*at);
    if (parsed.ec != std::errc() || parsed.ptr != number->data() + number->size() || !head ||
        !line || !time) {
        return std::nullopt;
    }
    read.head.hash = head->to_bytes();
    read.before = line->to_bytes();
    read.at = *time;
    return read;
}

}   // namespace

std::string line_hash(std::string_view line) {
    return crypto::sha256(line).to_bytes();
}

std::string write_checkpoint(const Checkpoint& checkpoint, const crypto::Vault& vault) {
    auto line = signed_part(checkpoint);
    const auto signature = crypto::base64url_encode(vault.sign(line));
    line += signature_word;
    line += signature;
    return line;
}

core::Result<Checkpoint> read_checkpoint(std::string_view line, std::string_view verification_key) {
    const auto at = line.rfind(signature_word);
    if (line.size() > checkpoint_bytes_max || at == std::string_view::npos) {
        return malformed();
    }
    const auto text = line.substr(0, at);
    const auto signature = crypto::base64url_decode(line.substr(at + signature_word.size()));
    auto read = parse(text);
    // What is written in another way than ours is not ours.
    if (!signature || !read || signed_part(*read) != text) {
        return malformed();
    }
    if (!crypto::ed25519_verify(verification_key, text, *signature)) {
        return Failure(Errc::corrupted, "the signature is not by this key");
    }
    return std::move(*read);
}

CheckpointReader::CheckpointReader(core::TenantId tenant, std::string verification_key)
    : tenant_(std::move(tenant)),
      verification_key_(std::move(verification_key)),
      before_(first_hash()) {}

void CheckpointReader::add(std::string_view bytes) {
    for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n')) {
        rest_ += bytes.substr(0, at);
        bytes.remove_prefix(at + 1);
        add_line(rest_);
        rest_.clear();
    }
    // A line without an end keeps no more of itself than tells that it is none.
    rest_ += bytes.substr(0, checkpoint_bytes_max + 1 -
                                 std::min(rest_.size(), checkpoint_bytes_max + 1));
}

void CheckpointReader::add_line(std::string_view line) {
    ++lines_;
    if (line.empty()) {
        return;
    }
    const auto read = read_checkpoint(line, verification_key_);
    if (!read || read->tenant != tenant_) {
        // The half of a line that a power cut left is followed by one that knows nothing of it.
        unread_ = unread_ ? unread_ : lines_;
        return;
    }
    if (read->before != before_) {
        faulty_.push_back(unread_ ? *unread_ : lines_);
    }
    unread_.reset();
    before_ = line_hash(line);
    checkpoints_.push_back(*read);
}

void CheckpointReader::end() {
    rest_.clear();
    if (unread_) {
        faulty_.push_back(*unread_);
        unread_.reset();
    }
}

}   // namespace gateway::records
