#include "adapters/svarut/standin/sending.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/multipart.hpp"
#include "adapters/common/standin/stored_file.hpp"
#include "adapters/svarut/standin/envelope.hpp"
#include "adapters/svarut/standin/refusal.hpp"
#include "adapters/svarut/standin/rules.hpp"

#include <filesystem>
#include <fstream>

namespace gateway::svarut::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t order_bytes_max = 1U << 20U;
constexpr std::size_t files_max = 1000;
constexpr std::size_t block_bytes = 256U << 10U;

/// The JSON in memory, each file to disk as it comes. What is wrong is said once.
class Parts final : public kit::PartSink {
public:
    explicit Parts(std::string folder) : prefix_(std::move(folder) + "/" + kit::random_uuid()) {}

    void begin(kit::PartHead head) override {
        ++count_;
        if (count_ == 1) {
            object_if(head.name != "forsendelse", "Første part må ha navn forsendelse");
            return;
        }
        object_if(!head.is_file || head.file_name.empty(), "filename mangler på en part");
        object_if(count_ > files_max, "For mange filer");
        if (wrong.empty()) {
            names.push_back(head.file_name);
            files.push_back(
                std::make_unique<kit::StoredFile>(prefix_ + "." + std::to_string(files.size())));
        }
    }
    void data(std::string_view bytes) override {
        if (!wrong.empty()) {
            return;
        }
        if (count_ == 1) {
            object_if(order.size() + bytes.size() > order_bytes_max, "Metadata er for store");
            order.append(bytes);
            return;
        }
        files.back()->write(bytes);
    }
    void end() override {
        if (wrong.empty() && count_ > 1) {
            files.back()->finish();
        }
    }

    std::string order;
    std::vector<std::string> names;
    std::vector<std::unique_ptr<kit::StoredFile>> files;
    std::string wrong;

private:
    void object_if(bool mistaken, const char* words) {
        if (mistaken && wrong.empty()) {
            wrong = words;
        }
    }

    std::string prefix_;
    std::size_t count_ = 0;
};

std::optional<std::string> order_of_files(const Value& order, const Parts& parts) {
    if (order["dokumenter"].items().size() != parts.names.size()) {
        return "Antall filer stemmer ikke med dokumenter";
    }
    for (std::size_t i = 0; i < parts.names.size(); ++i) {
        if (order["dokumenter"].items()[i]["filnavn"].as_string() != parts.names[i]) {
            return "Filene har ikke samme rekkefølge og navn som dokumenter";
        }
    }
    return std::nullopt;
}

/// Size and hash of the file at `path`, block by block.
void measure(const std::string& path, Document& document) {
    kit::StoredFile copy(path + ".measured");
    std::ifstream in(path, std::ios::binary);
    std::string block(block_bytes, '\0');
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        copy.write(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
    }
    copy.finish();
    document.sha256 = copy.sha256();
    document.size = copy.size();
}

/// As the account's owner sees it; opened where it came encrypted.
Document keep(kit::StoredFile& file, const std::string& path, Shipment& shipment,
              const OwnKey& own) {
    Document document;
    document.sha256 = file.sha256();
    document.size = file.size();
    file.keep_as(path);
    if (!shipment.order["kryptert"].as_bool()) {
        return document;
    }
    const std::string plain = path + ".plain";
    if (!open_file(path, plain, own.key, own.certificate)) {
        shipment.readable = false;
        return document;
    }
    measure(plain, document);
    std::filesystem::rename(plain, path);
    return document;
}

}   // namespace

sdk::Task<http::Response> take_shipment(http::Request& request, Address to, Book& book,
                                        const Shapes& shapes, const OwnKey& own) {
    if (kit::media_type(request) != "multipart/form-data") {
        co_return refusal(book.now(), request, 415, "Forsendelsen sendes som multipart/form-data");
    }
    const auto refuse = [&](const std::string& words) {
        return refusal(book.now(), request, 400, words, "no.ks.fiks.svarut.validering");
    };
    Parts parts(book.files());
    const bool whole = co_await kit::read_multipart(request, parts);
    if (!whole || !parts.wrong.empty()) {
        co_return refuse(parts.wrong.empty() ? "Forespørselen er ikke hel" : parts.wrong);
    }
    const auto order = json::parse(parts.order);
    const std::string shape = to.version == "v2" ? "v2" : to.kind;
    const auto misshapen =
        order ? shapes.objection(shape, *order) : std::optional<std::string>("ikke gyldig JSON");
    if (misshapen) {
        co_return refuse("forsendelse: " + *misshapen);
    }
    Shipment shipment;
    shipment.id = kit::random_uuid();
    shipment.account = to.account;
    shipment.sender = (*book.entry("accounts", "id", to.account))["organisation"].as_string();
    shipment.version = to.version;
    shipment.kind = to.version == "v2" ? kind_of_v2(*order) : to.kind;
    shipment.recipient = recipient_of(*order, shipment.kind);
    shipment.order = *order;
    auto wrong = order_objection(*order, shipment.kind, book.now());
    if (!wrong && shipment.kind != "nhn") {
        wrong = order_of_files(*order, parts);
    }
    if (wrong) {
        co_return refuse(*wrong);
    }
    for (std::size_t i = 0; i < parts.files.size(); ++i) {
        auto document = keep(*parts.files[i], book.file_of(shipment, i), shipment, own);
        document.name = parts.names[i];
        document.media_type = shipment.kind == "nhn"
                                  ? "application/pdf"
                                  : (*order)["dokumenter"].items()[i]["mimeType"].as_string();
        shipment.documents.push_back(std::move(document));
    }
    if (const auto objection = files_objection(shipment)) {
        for (std::size_t i = 0; i < shipment.documents.size(); ++i) {
            std::filesystem::remove(book.file_of(shipment, i));
        }
        co_return refuse(*objection);
    }
    Value answer;
    answer.set("id", shipment.id);
    book.add(std::move(shipment));
    co_return kit::json_response(200, answer);
}

}   // namespace gateway::svarut::standin
