#include "tests/support/fake_host.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/runtime/ids.hpp"

#include <algorithm>

namespace tests {

using core::Errc;
using core::Failure;

sdk::Task<sdk::TokenAnswer> FakeTokens::token(sdk::TokenRequest request, sdk::Deadline) {
    asked.push_back(std::move(request));
    sdk::TokenAnswer answer;
    if (failure) {
        answer.failure = *failure;
        co_return answer;
    }
    answer.token =
        sdk::Token("token-" + std::to_string(number_), clock_.now() + std::chrono::minutes(2));
    co_return answer;
}

void FakeTokens::invalidate(const sdk::TokenRequest&, const std::string& token) {
    invalidated.push_back(token);
    ++number_;
}

sdk::Task<core::Result<std::unique_ptr<sdk::ByteSource>>>
FakeDocuments::open(core::TenantId tenant, core::Sha256 document) {
    opened_for.push_back(std::move(tenant));
    const auto found = documents_.find(document);
    if (found == documents_.end()) {
        co_return Failure(Errc::not_found, "no such document");
    }
    co_return std::unique_ptr<sdk::ByteSource>(std::make_unique<sdk::StringSource>(found->second));
}

class FakeDocuments::Sink final : public sdk::DocumentSink {
public:
    Sink(FakeDocuments& documents, core::TenantId tenant, std::uint64_t bytes_max)
        : documents_(documents), tenant_(std::move(tenant)), bytes_max_(bytes_max) {}
    sdk::Task<core::Result<void>> write(std::span<const char> bytes) override {
        if (documents_.failure) {
            co_return *documents_.failure;
        }
        if (bytes_.size() + bytes.size() > bytes_max_) {
            co_return Failure(Errc::too_large, "document");
        }
        bytes_.append(bytes.data(), bytes.size());
        co_return core::Result<void>();
    }
    std::uint64_t size() const override { return bytes_.size(); }
    sdk::Task<core::Result<core::DocumentRef>> commit() override {
        if (documents_.failure) {
            co_return *documents_.failure;
        }
        auto ref = documents_.add("", std::move(bytes_));
        ref.media_type.clear();
        documents_.written_for.push_back(tenant_);
        co_return ref;
    }

private:
    FakeDocuments& documents_;
    core::TenantId tenant_;
    std::uint64_t bytes_max_;
    std::string bytes_;
};

sdk::Task<core::Result<std::unique_ptr<sdk::DocumentSink>>>
FakeDocuments::create(core::TenantId tenant, std::uint64_t bytes_max) {
    if (failure) {
        co_return *failure;
    }
    co_return std::unique_ptr<sdk::DocumentSink>(
        std::make_unique<Sink>(*this, std::move(tenant), bytes_max));
}

std::optional<std::string> FakeDocuments::bytes_of(core::Sha256 document) const {
    const auto found = documents_.find(document);
    return found == documents_.end() ? std::nullopt : std::optional(found->second);
}

core::DocumentRef FakeDocuments::add(const std::string& name, std::string bytes) {
    core::DocumentRef ref;
    gateway::crypto::DigestStream digest;
    digest.update(bytes);
    ref.sha256 = digest.sha256();
    ref.md5_hex = digest.md5_hex();
    ref.size = bytes.size();
    ref.name = name;
    ref.title = name.substr(0, name.find('.'));
    ref.media_type = "application/pdf";
    documents_[ref.sha256] = std::move(bytes);
    return ref;
}

sdk::Task<core::Result<std::string>> FakeKeys::sign_rs256(std::string bytes) {
    ++signed_count;
    if (failure) {
        co_return *failure;
    }
    if (signer) {
        co_return signer(bytes);
    }
    co_return "signature over " + std::to_string(bytes.size()) + " bytes";
}

sdk::Task<core::Result<std::string>> FakeKeys::unwrap_key(core::KeyTransport transport,
                                                          std::string wrapped,
                                                          std::size_t key_bytes,
                                                          std::size_t which) {
    if (failure) {
        co_return *failure;
    }
    if (which < unwrappers.size()) {
        co_return unwrappers[which](transport, wrapped, key_bytes);
    }
    if (which > 0) {
        co_return core::Failure(core::Errc::not_found, "no such opening key");
    }
    if (unwrapper) {
        co_return unwrapper(transport, wrapped, key_bytes);
    }
    co_return std::string(key_bytes, 'k');
}

sdk::Task<core::Result<std::vector<std::string>>> FakeKeys::opening_public_keys() {
    if (failure) {
        co_return *failure;
    }
    co_return public_keys;
}

sdk::Task<core::Result<std::vector<std::string>>> FakeKeys::certificate_chain() {
    if (failure) {
        co_return *failure;
    }
    co_return chain;
}

sdk::Task<core::Result<sdk::State::Entry>> FakeState::get(std::string key) {
    const auto found = entries.find(key);
    if (found == entries.end()) {
        co_return Entry();
    }
    co_return found->second;
}

sdk::Task<core::Result<std::uint64_t>> FakeState::put(std::string key, std::string value,
                                                      std::uint64_t expected) {
    Entry& entry = entries[key];
    if (entry.version != expected) {
        co_return Failure(Errc::conflict, "another version");
    }
    if (value.empty()) {
        entries.erase(key);
        co_return std::uint64_t{0};
    }
    entry.value = std::move(value);
    ++entry.version;
    co_return entry.version;
}

void RecordingLog::write(sdk::Severity, std::string_view event, const core::Params& fields) {
    all.append(event);
    for (const auto& [name, value] : fields) {
        all.append(" ").append(name).append("=").append(value);
    }
    all.append("\n");
}

sdk::Task<core::Result<void>> FakeProgress::remember(std::string json) {
    if (failure) {
        co_return *failure;
    }
    value_ = json;
    remembered.push_back(std::move(json));
    co_return core::Result<void>();
}

bool FakeProgress::has_note(const std::string& code) const {
    return std::find(noted.begin(), noted.end(), code) != noted.end();
}

FakeHost::FakeHost() : ids(gateway::runtime::make_seeded_ids(clock, 7)) {
    host = std::make_unique<sdk::Host>(sdk::Host{http, streams, tokens, documents, keys, state,
                                                 *ids, clock, log, metrics, registers, inbound,
                                                 spools, work});
}

}   // namespace tests
