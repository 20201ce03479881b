#include "adapters/svarut/standin/svarinn.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/test_ca.hpp"
#include "adapters/svarut/standin/envelope.hpp"
#include "adapters/svarut/standin/listing.hpp"
#include "adapters/svarut/standin/refusal.hpp"
#include "adapters/svarut/standin/zip_file.hpp"

#include <algorithm>
#include <filesystem>

namespace gateway::svarut::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t listed_max = 200;
constexpr std::size_t request_bytes_max = 64U << 10U;
constexpr std::uint64_t bomb_bytes = 3'000'000'000;

/// A file that goes with its reader.
class FileSource final : public sdk::ByteSource {
public:
    explicit FileSource(std::string path)
        : path_(std::move(path)),
          size_(std::filesystem::file_size(path_)),
          file_(std::fopen(path_.c_str(), "rb")) {}
    ~FileSource() override {
        if (file_ != nullptr) {
            std::fclose(file_);
        }
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override {
        if (file_ == nullptr) {
            co_return core::Failure(core::Errc::storage_failed, "cannot open a download");
        }
        const std::size_t count = std::fread(out.data(), 1, out.size(), file_);
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return size_; }

private:
    std::string path_;
    std::uint64_t size_;
    std::FILE* file_;
};

/// A certificate of nobody's who is known here.
std::string stranger(core::Time now) {
    const auto key = kit::Key::generate(2048);
    kit::CertificateOrder order;
    order.name = "En annen";
    order.organisation = "310000019";
    order.bits = 2048;
    order.self_signed = true;
    order.not_before = kit::seconds(now) - 3600;
    order.not_after = kit::seconds(now) + 3600;
    return kit::issue(order, kit::make_authority("En annen", key), key).certificate.pem();
}

}   // namespace

sdk::Task<http::Response> SvarInn::handle(http::Request& request, const Value& mailbox,
                                          std::vector<std::string> path, std::string base) {
    const bool v2 = !path.empty() && path[0] == "v2";
    if (request.method == "GET" &&
        (v2 ? path.size() == 2 && path[1] == "forsendelser"
            : path.size() == 2 && path[0] == "mottaker" && path[1] == "hentNyeForsendelser")) {
        co_return kit::json_response(200, list(request, mailbox, !v2, base));
    }
    // v2/forsendelser/{id}[/status]; forsendelse/{id}; kvitterMottak|mottakFeilet/forsendelse/{id}
    std::string id;
    std::string what;
    if (v2 && path.size() >= 3 && path[1] == "forsendelser") {
        id = path[2];
        what = path.size() == 3 ? "download" : path[3];
    } else if (path.size() == 2 && path[0] == "forsendelse") {
        id = path[1];
        what = "download";
    } else if (path.size() == 3 && path[1] == "forsendelse") {
        id = path[2];
        what = path[0];
    }
    Shipment* shipment = book_.find(kit::lower(id));
    if (shipment == nullptr || shipment->mailbox != mailbox["id"].as_string()) {
        co_return refusal(book_.now(), request, 404, "Fant ikke forsendelsen");
    }
    if (request.method == "GET" && what == "download") {
        co_return download(request, mailbox, *shipment, !v2);
    }
    http::Response response = co_await receive(request, *shipment, std::move(what));
    co_return response;
}

Value SvarInn::list(const http::Request& request, const Value& mailbox, bool v1,
                    const std::string& base) {
    Value out = Value::array();
    const std::string shape = book_.settings()["shape"].as_string();
    for (const auto& [id, shipment] : book_.shipments()) {
        if (shipment.mailbox != mailbox["id"].as_string() || shipment.taken ||
            out.items().size() >= listed_max) {
            continue;
        }
        const Value* account = book_.entry("accounts", "id", shipment.account);
        const std::string name = account == nullptr ? "" : (*account)["name"].as_string();
        Value item =
            v1 ? listed_v1(shipment, name, base + "/forsendelse/" + id)
               : listed_v2(shipment, name, shape != "flat", base + "/v2/forsendelser/" + id);
        Value* files = item.find(v1 ? "filmetadata" : "filer");
        if (!files->items().empty() && world_.faults.take("wrong_hash", request)) {
            files->mutable_items().front().set(v1 ? "sha256hash" : "hash", std::string(64, 'a'));
        }
        out.push(std::move(item));
    }
    return out;
}

http::Response SvarInn::download(const http::Request& request, const Value& mailbox,
                                 Shipment& shipment, bool v1) {
    const std::string path = book_.files() + "/" + kit::random_uuid();
    const auto& documents = shipment.documents;
    const bool single =
        v1 && documents.size() == 1 && documents.front().media_type == "application/pdf";
    std::string type = "application/zip";
    std::string name = "dokumenter.zip";
    std::string plain = path + ".zip";
    if (single) {
        plain = book_.file_of(shipment, 0);
        type = "application/pdf";
        name = documents.front().name;
    } else {
        const bool bomb = world_.faults.take("zip_bomb", request).has_value();
        const bool missing = world_.faults.take("missing_file", request).has_value();
        ZipFile zip(plain);
        for (std::size_t i = missing ? 1 : 0; i < documents.size(); ++i) {
            if (bomb) {
                zip.add_zeros(documents[i].name, bomb_bytes);
            } else {
                zip.add(documents[i].name, book_.file_of(shipment, i));
            }
        }
        zip.finish();
    }
    const std::string certificate = world_.faults.take("foreign_key", request)
                                        ? stranger(book_.now())
                                        : mailbox["certificate"].as_string();
    seal_file(plain, path, certificate);
    if (world_.faults.take("garbage", request)) {
        kit::write_file(path, kit::random_bytes(4096));
    }
    if (!single) {
        std::filesystem::remove(plain);
    }
    ++shipment.downloads;
    book_.save(shipment);
    http::Response response(200);
    response.headers.emplace_back("Content-Type", type);
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
    response.stream = std::make_unique<FileSource>(path);
    return response;
}

sdk::Task<http::Response> SvarInn::receive(http::Request& request, Shipment& shipment,
                                           std::string how) {
    const bool v2 = how == "status" && request.method == "PATCH";
    const bool v1 = (how == "kvitterMottak" || how == "mottakFeilet") && request.method == "POST";
    if (!v1 && !v2) {
        co_return refusal(book_.now(), request, 404, "Ukjent ressurs");
    }
    if (how == "kvitterMottak") {
        co_return settle(request, shipment, true, Value());
    }
    const auto body = co_await kit::read_json(request, request_bytes_max);
    const auto wrong = body ? shapes_.objection(v2 ? "receipt" : "failure", *body)
                            : std::optional<std::string>("ikke gyldig JSON");
    if (wrong) {
        co_return refusal(book_.now(), request, 400, *wrong);
    }
    if (v1) {
        co_return settle(request, shipment, false, *body);
    }
    const bool taken = (*body)["status"].as_string() == "MOTTATT";
    if (!taken && !(*body)["feil"].is_object()) {
        co_return refusal(book_.now(), request, 400, "feil er påkrevd når status er FEILET");
    }
    co_return settle(request, shipment, taken, (*body)["feil"]);
}

http::Response SvarInn::settle(const http::Request& request, Shipment& shipment, bool taken,
                               const Value& failure) {
    if (shipment.taken) {
        // Told again, nothing changes; told otherwise, it is too late.
        return taken ? http::Response(200)
                     : refusal(book_.now(), request, 400, "Forsendelsen er allerede mottatt");
    }
    if (taken) {
        book_.taken(shipment);
    } else {
        book_.failed(shipment, failure["feilmelding"].as_string(), failure["permanent"].as_bool());
    }
    return http::Response(200);
}

}   // namespace gateway::svarut::standin
