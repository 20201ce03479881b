#include "gateway/records/sealing.hpp"

namespace gateway::records {
namespace {

constexpr std::string_view key_purpose = "record-key";
constexpr std::string_view value_purpose = "record";
constexpr std::string_view detail_purpose = "access-log";
constexpr std::string_view reason_purpose = "access-log-reason";
// Two bytes: how long the wrapped key is that follows.
constexpr std::size_t length_bytes = 2;

std::string owner_of(const ports::RecordRow& row) {
    return row.subject.to_bytes() + row.dataset;
}

core::Uuid random_handle(sdk::Ids& ids) {
    core::Uuid handle;
    ids.random(handle.bytes);
    handle.bytes[6] = static_cast<std::uint8_t>((handle.bytes[6] & 0x0FU) | 0x40U);   // version 4
    handle.bytes[8] = static_cast<std::uint8_t>((handle.bytes[8] & 0x3FU) | 0x80U);
    return handle;
}

}   // namespace

std::string key_token(const crypto::Vault& vault, core::RecordKeyKind kind, std::string_view key) {
    switch (kind) {
    case core::RecordKeyKind::person: return vault.token(crypto::TokenKind::person_key, key);
    case core::RecordKeyKind::organisation:
        return vault.token(crypto::TokenKind::organisation_key, key);
    case core::RecordKeyKind::plain: break;
    }
    return vault.token(crypto::TokenKind::plain_key, key);
}

ports::Subject new_subject(const crypto::Vault& vault, sdk::Ids& ids, core::RecordKeyKind kind,
                           const std::string& key, core::Time now) {
    ports::Subject subject;
    subject.handle = random_handle(ids);
    subject.kind = kind;
    subject.token = key_token(vault, kind, key);
    const auto owner = subject.handle.to_bytes();
    const auto fresh = vault.new_key(ids, owner);
    subject.sealed_key = fresh.key.seal(ids, key_purpose, owner, key);
    subject.wrapped_key = fresh.wrapped;
    subject.created = now;
    return subject;
}

core::Result<std::string> open_key(const crypto::Vault& vault, const ports::Subject& subject) {
    if (subject.wrapped_key.empty()) {
        return core::Failure(core::Errc::not_found, "the subject is forgotten");
    }
    const auto owner = subject.handle.to_bytes();
    const auto key = vault.unwrap(subject.wrapped_key, owner);
    if (!key) {
        return key.error();
    }
    return key->open(key_purpose, owner, subject.sealed_key);
}

void seal_row(const crypto::Vault& vault, sdk::Ids& ids, ports::RecordRow& row,
              const HeldRecord& record) {
    row.sealed_value.clear();
    row.wrapped_key.clear();
    if (record.parts.empty() && record.corrections.empty()) {
        return;
    }
    const auto owner = owner_of(row);
    const auto fresh = vault.new_key(ids, owner);
    row.sealed_value = fresh.key.seal(ids, value_purpose, owner, write_held(record));
    row.wrapped_key = fresh.wrapped;
}

core::Result<HeldRecord> open_row(const crypto::Vault& vault, const ports::RecordRow& row) {
    if (row.sealed_value.empty()) {
        return held_of(row, HeldRecord());
    }
    const auto owner = owner_of(row);
    const auto key = vault.unwrap(row.wrapped_key, owner);
    if (!key) {
        return key.error();
    }
    const auto text = key->open(value_purpose, owner, row.sealed_value);
    if (!text) {
        return text.error();
    }
    auto opened = read_held(*text);
    if (!opened) {
        return opened.error();
    }
    return held_of(row, std::move(*opened));
}

core::Result<std::string> seal_detail(const crypto::Vault& vault, sdk::Ids& ids,
                                      const ports::Subject& subject, const std::string& actor,
                                      const std::string& case_reference) {
    if ((actor.empty() && case_reference.empty()) || subject.wrapped_key.empty()) {
        return std::string();
    }
    const auto owner = subject.handle.to_bytes();
    const auto key = vault.unwrap(subject.wrapped_key, owner);
    if (!key) {
        return key.error();
    }
    auto detail = json::Value::object();
    if (!actor.empty()) {
        detail.set("actor", actor);
    }
    if (!case_reference.empty()) {
        detail.set("case", case_reference);
    }
    return key->seal(ids, detail_purpose, owner, json::write(detail));
}

json::Value open_detail(const crypto::Vault& vault, const ports::Subject& subject,
                        const std::string& sealed) {
    if (sealed.empty() || subject.wrapped_key.empty()) {
        return {};
    }
    const auto owner = subject.handle.to_bytes();
    const auto key = vault.unwrap(subject.wrapped_key, owner);
    if (!key) {
        return {};
    }
    const auto text = key->open(detail_purpose, owner, sealed);
    if (!text) {
        return {};
    }
    auto detail = json::parse(*text);
    return detail ? std::move(*detail) : json::Value();
}

std::string seal_reason(const crypto::Vault& vault, sdk::Ids& ids, core::Uuid handle,
                        const std::string& reason) {
    if (reason.empty()) {
        return {};
    }
    const auto owner = handle.to_bytes();
    const auto fresh = vault.new_key(ids, owner);
    std::string sealed;
    sealed.push_back(static_cast<char>(fresh.wrapped.size() >> 8U));
    sealed.push_back(static_cast<char>(fresh.wrapped.size() & 0xFFU));
    sealed += fresh.wrapped;
    sealed += fresh.key.seal(ids, reason_purpose, owner, reason);
    return sealed;
}

std::string open_reason(const crypto::Vault& vault, core::Uuid handle, const std::string& sealed) {
    if (sealed.size() < length_bytes) {
        return {};
    }
    const std::size_t length =
        static_cast<std::size_t>(static_cast<unsigned char>(sealed[0])) * 256 +
        static_cast<unsigned char>(sealed[1]);
    if (sealed.size() - length_bytes < length) {
        return {};
    }
    const auto owner = handle.to_bytes();
    const std::string_view all = sealed;
    const auto key = vault.unwrap(all.substr(length_bytes, length), owner);
    if (!key) {
        return {};
    }
    const auto text = key->open(reason_purpose, owner, all.substr(length_bytes + length));
    return text ? *text : std::string();
}

}   // namespace gateway::records
