#include "tests/unit/evidence/packages.hpp"

#include "gateway/crypto/digest.hpp"
#include "tests/support/run.hpp"

namespace tests::evidence {

using namespace gateway;

namespace {

crypto::Vault vault_of(std::uint8_t first) {
    std::array<std::uint8_t, 32> bytes{};
    bytes[0] = first;
    return crypto::Vault(crypto::SecretKey(bytes));
}

json::Value event(int number, const char* name) {
    json::Value line = json::Value::object();
    line.set("id", "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a0" + std::to_string(number))
        .set("at", "2026-11-22T10:46:3" + std::to_string(number) + ".000Z")
        .set("event", name)
        .set("position", 100 + 7 * number);
    return line;
}

}   // namespace

core::Result<std::size_t> PackageBytes::read_at(std::uint64_t offset, std::span<char> out) {
    const auto count = offset < bytes_.size() ? bytes_.copy(out.data(), out.size(), offset) : 0;
    if (fails_from && offset + count > *fails_from) {
        return core::Failure(core::Errc::storage_failed, "the disk");
    }
    return count;
}

std::string PackageChance::bytes(std::size_t count) {
    std::string text(count, '\0');
    for (auto& c : text) {
        c = static_cast<char>(engine_());
    }
    return text;
}

const crypto::Vault& vault() {
    static const auto made = vault_of(1);
    return made;
}

const crypto::Vault& other_vault() {
    static const auto made = vault_of(2);
    return made;
}

const std::map<std::string, std::string>& documents() {
    static const std::map<std::string, std::string> made = [] {
        std::map<std::string, std::string> bytes;
        for (const auto& text : {std::string("%PDF-1.7 vedtak"), std::string(150'000, 'k')}) {
            bytes[crypto::sha256(text).to_hex()] = text;
        }
        return bytes;
    }();
    return made;
}

gateway::evidence::PackageFacts facts(bool with_documents) {
    gateway::evidence::PackageFacts made;
    made.gateway = "0.1.0";
    made.tenant = core::TenantId(tenant);
    made.message = *core::MessageId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21");
    made.made_at = core::parse_rfc3339("2026-11-27T12:00:01.250Z").value();
    made.made_by = "archivist";
    made.purpose = "complaint";
    made.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    made.with_documents = with_documents;
    made.view = json::Value::object();
    made.view.set("id", made.message.to_string()).set("deliveries", json::Value::array());
    for (const auto& [number, name] : {std::pair(1, "accepted"), std::pair(2, "attempt_started"),
                                       std::pair(3, "sent"), std::pair(4, "delivered")}) {
        made.events.push_back(event(number, name));
    }
    made.result = json::Value::object();
    made.result.set("channel", "altinn");
    int number = 0;
    for (const auto& [sha256, bytes] : documents()) {
        gateway::evidence::AcceptedDocument document;
        document.name = ++number == 1 ? "../Vedtak: søknad?.pdf" : "";
        document.media_type = "application/pdf";
        document.sha256 = *core::parse_sha256(sha256);
        document.size = bytes.size();
        made.documents.push_back(std::move(document));
    }
    return made;
}

std::string package_of(const gateway::evidence::PackageFacts& facts, std::size_t piece) {
    auto package = gateway::evidence::make_package(facts, vault());
    std::vector<std::unique_ptr<sdk::ByteSource>> bytes;
    for (const auto& document : package.documents) {
        bytes.push_back(std::make_unique<sdk::StringSource>(documents().at(document.sha256)));
    }
    const auto stream = gateway::evidence::stream_package(std::move(package), std::move(bytes));
    std::string whole;
    std::string got(piece, '\0');
    for (;;) {
        const auto count = tests::run(stream->read(got));
        REQUIRE(count.has_value());
        if (*count == 0) {
            return whole;
        }
        whole.append(got, 0, *count);
    }
}

std::string packed(const Files& files, core::Time made_at) {
    seal::AsicWriter writer(gateway::evidence::package_options(made_at));
    std::string out;
    for (const auto& [name, text] : files) {
        REQUIRE(writer.begin_file(gateway::evidence::to_pack(name, text.size()), out).has_value());
        REQUIRE(writer.write(text, out).has_value());
        REQUIRE(writer.end_file(out).has_value());
    }
    REQUIRE(writer.finish(out).has_value());
    return out;
}

Files unpacked(const std::string& package) {
    PackageBytes source(package);
    const auto reader = seal::AsicReader::open(source);
    REQUIRE(reader.has_value());
    Files files;
    for (const auto& entry : reader->entries()) {
        files.emplace_back(entry.name, reader->read_all(entry, 1U << 20U).value());
    }
    return files;
}

gateway::evidence::EvidenceReport verified(const std::string& package, const std::string& key) {
    PackageBytes source(package);
    std::optional<std::string> known;
    if (!key.empty()) {
        known = key;
    }
    const auto report = gateway::evidence::verify_package(source, known);
    REQUIRE(report.has_value());
    return *report;
}

std::vector<std::string> faults_of(const std::string& package, const std::string& key) {
    std::vector<std::string> codes;
    for (const auto& fault : verified(package, key).faults) {
        codes.push_back(fault.code.value);
        for (const auto& [name, value] : fault.params) {
            if (name == "file") {
                codes.back() += " " + value;
            }
        }
    }
    return codes;
}

}   // namespace tests::evidence
