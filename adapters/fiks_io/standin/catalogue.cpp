#include "adapters/fiks_io/standin/catalogue.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/multipart.hpp"
#include "adapters/common/standin/test_ca.hpp"
#include "adapters/fiks_io/standin/certificate_facts.hpp"

#include <cstdio>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t key_bytes_max = 64U << 10U;

/// A stored body, as it is read from the disk.
class FileSource final : public sdk::ByteSource {
public:
    FileSource(std::FILE* file, std::uint64_t size) : file_(file), size_(size) {}
    ~FileSource() override { std::fclose(file_); }
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override {
        co_return std::fread(out.data(), 1, out.size(), file_);
    }
    std::optional<std::uint64_t> size() const override { return size_; }

private:
    std::FILE* file_;
    std::uint64_t size_;
};

/// The one file of a multipart body.
class OneFile final : public kit::PartSink {
public:
    void begin(kit::PartHead head) override { taken_ = head.name == "file"; }
    void data(std::string_view bytes) override {
        if (taken_ && text.size() + bytes.size() <= key_bytes_max) {
            text.append(bytes);
        }
    }
    void end() override {}
    std::string text;

private:
    bool taken_ = false;
};

}   // namespace

http::Response Catalogue::refused(const Refusal& refusal, const std::string& path) const {
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().time_since_epoch());
    return to_response(refusal, path, now.count());
}

sdk::Task<Value> Catalogue::status_of(const Account& account) {
    const bool has_key = !account.certificate_pem.empty();
    const auto depth = co_await publisher_.depth(queue_of(account.id));
    Value out;
    out.set("gyldigAvsender", true).set("gyldigMottaker", has_key);
    out.set("antallKonsumenter", depth ? depth->consumers : 0);
    out.set("antallUavhentedeMeldinger", depth ? depth->messages : 0);
    out.set("melding", has_key ? "" : "Kontoen mangler offentlig nøkkel");
    co_return out;
}

sdk::Task<std::variant<Value, Refusal>> Catalogue::account(std::string id, bool status_only) {
    const Account* found = book_.account(uuid_of(id));
    if (found == nullptr) {
        co_return Refusal(404, "Fant ingen konto med id " + id);
    }
    const Account account = *found;   // may change while the broker is asked
    Value status = co_await status_of(account);
    if (status_only) {
        co_return status;
    }
    Value out;
    out.set("fiksOrgId", fiks_organisation_of(account.organisation));
    out.set("fiksOrgNavn", account.organisation_name);
    out.set("organisasjonsnummer", account.organisation);
    out.set("kommunenummer", account.municipality);
    out.set("kontoId", account.id).set("kontoNavn", account.name);
    out.set("status", std::move(status));
    co_return out;
}

std::variant<Value, Refusal> Catalogue::public_key(const std::string& id) const {
    const Account* account = book_.account(uuid_of(id));
    if (account == nullptr || account->certificate_pem.empty()) {
        return Refusal(404, "Fant ingen offentlig nøkkel for konto " + id);
    }
    return describe_certificate(account->certificate_pem, kit::seconds(clock_.now()));
}

sdk::Task<http::Response> Catalogue::upload_key(http::Request& request, Account account) {
    std::string pem;
    if (kit::media_type(request) == "multipart/form-data") {
        OneFile file;
        co_await kit::read_multipart(request, file);
        pem = std::move(file.text);
    } else {
        const auto body = co_await kit::read_json(request, key_bytes_max);
        pem = body ? (*body)["pem"].as_string() : std::string();
    }
    if (!kit::Certificate::from_pem(pem)) {
        co_return refused(Refusal(400, "Ikke et X.509-sertifikat i PEM"), request.path);
    }
    account.certificate_pem = pem;
    book_.put(std::move(account));
    co_return http::Response(201);
}

sdk::Task<http::Response> Catalogue::own_key(http::Request& request, const Integration& integration,
                                             std::string id) {
    const Account* account = book_.account(uuid_of(id));
    if (account == nullptr || !account->acted_for_by(integration.id)) {
        co_return refused(Refusal(403, "Integrasjonen har ikke tilgang til kontoen"), request.path);
    }
    if (request.method == "PUT" || request.method == "POST") {
        co_return co_await upload_key(request, *account);
    }
    if (request.method == "DELETE") {
        Account changed = *account;
        changed.certificate_pem.clear();
        book_.put(std::move(changed));
        co_return http::Response(204);
    }
    const auto key = public_key(id);
    if (const auto* refusal = std::get_if<Refusal>(&key)) {
        co_return refused(*refusal, request.path);
    }
    co_return kit::json_response(200, std::get<Value>(key));
}

http::Response Catalogue::document(const Integration& integration, const std::string& id,
                                   bool metadata_only) const {
    const std::string path = "/dokumentlager/nedlasting/" + id;
    const StoredDocument* document = book_.document(uuid_of(id));
    if (document == nullptr) {
        return refused(Refusal(404, "Dokumentet finnes ikke"), path);
    }
    const Account* account = book_.account(document->account);
    if (account == nullptr || !account->acted_for_by(integration.id)) {
        return refused(Refusal(403, "Integrasjonen har ikke tilgang til dokumentet"), path);
    }
    if (document->until <= clock_.now()) {
        return refused(Refusal(410, "Dokumentet er slettet"), path);
    }
    if (metadata_only) {
        Value out;
        out.set("dokumentId", document->id).set("mimetype", "application/octet-stream");
        out.set("dokumentstorrelse", document->size);
        return kit::json_response(200, out);
    }
    std::FILE* file = std::fopen(book_.document_path(document->id).c_str(), "rb");
    if (file == nullptr) {
        return refused(Refusal(404, "Dokumentet finnes ikke"), path);
    }
    http::Response response(200);
    response.headers.emplace_back("Content-Type", "application/octet-stream");
    response.stream =
        std::make_unique<FileSource>(file, static_cast<std::uint64_t>(document->size));
    return response;
}

}   // namespace gateway::fiks_io::standin
