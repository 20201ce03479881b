#include "adapters/fiks_io/standin/sending.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/multipart.hpp"

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t metadata_bytes_max = 1U << 20U;
constexpr std::uint64_t data_bytes_max = 5ULL << 30U;
constexpr std::int64_t ttl_ms_min = 1000;

/// The two parts as they come.
class Upload final : public kit::PartSink {
public:
    explicit Upload(std::string path) : path_(std::move(path)) {}

    void begin(kit::PartHead head) override {
        in_data_ = head.name == "data";
        if (in_data_ && !file) {
            file = std::make_unique<kit::StoredFile>(path_);
        } else if (head.name == "metadata" && !has_metadata) {
            has_metadata = true;
        } else {
            unexpected = true;
        }
    }
    void data(std::string_view bytes) override {
        const std::uint64_t size = in_data_ && file ? file->size() : metadata.size();
        const std::uint64_t most = in_data_ ? data_bytes_max : metadata_bytes_max;
        too_large = too_large || size + bytes.size() > most;
        if (too_large || unexpected) {
            return;
        }
        if (in_data_) {
            file->write(bytes);
        } else {
            metadata.append(bytes);
        }
    }
    void end() override {
        if (in_data_ && file && !unexpected) {
            file->finish();
        }
    }

    std::string metadata;
    bool has_metadata = false;
    bool unexpected = false;
    bool too_large = false;
    std::unique_ptr<kit::StoredFile> file;   // none: a message without payload

private:
    std::string path_;
    bool in_data_ = false;
};

/// The order in `metadata`, or what is wrong with it.
std::variant<Parcel, Refusal> read_order(const std::string& metadata) {
    const auto order = json::parse(metadata);
    if (!order || !order->is_object()) {
        return Refusal(400, "metadata er ikke et JSON-objekt");
    }
    Parcel parcel;
    parcel.from = uuid_of((*order)["avsenderKontoId"].as_string());
    parcel.to = uuid_of((*order)["mottakerKontoId"].as_string());
    parcel.type = (*order)["meldingType"].as_string();
    if (parcel.from.empty() || parcel.to.empty() || parcel.type.empty()) {
        return Refusal(400, "avsenderKontoId, mottakerKontoId og meldingType er påkrevd");
    }
    const Value& reply_to = (*order)["svarPaMelding"];
    parcel.reply_to = uuid_of(reply_to.as_string());
    if (!reply_to.is_null() && parcel.reply_to.empty()) {
        return Refusal(400, "svarPaMelding er ikke en UUID");
    }
    const Value& ttl = (*order)["ttl"];
    if (!ttl.is_null() && (!ttl.is_number() || ttl.as_int() < ttl_ms_min)) {
        return Refusal(400, "ttl er et helt antall millisekunder, minst 1000");
    }
    if (!ttl.is_null()) {
        parcel.ttl_ms = ttl.as_int();
    }
    const Value& headers = (*order)["headere"];
    if (!headers.is_null() && !headers.is_object()) {
        return Refusal(400, "headere er et objekt");
    }
    for (const auto& [name, value] : headers.members()) {
        if (value.is_string()) {
            parcel.custom[name] = value.as_string();
        } else if (!value.is_null()) {
            return Refusal(400, "headere har bare tekster");
        }
    }
    return parcel;
}

Value receipt_of(const Sent& sent, const Parcel& order, std::int64_t ttl_ms) {
    Value headers = Value::object();
    for (const auto& [name, value] : order.custom) {
        headers.set(name, value);
    }
    Value out;
    out.set("meldingId", sent.id).set("meldingType", sent.type);
    out.set("avsenderKontoId", sent.from).set("mottakerKontoId", sent.to);
    out.set("ttl", ttl_ms).set("headere", std::move(headers));
    out.set("dokumentlagerId", sent.document.empty() ? Value() : Value(sent.document));
    out.set("svarPaMelding", sent.reply_to.empty() ? Value() : Value(sent.reply_to));
    return out;
}

}   // namespace

std::optional<Refusal> Sending::objection_to(const Parcel& parcel,
                                             const Integration& integration) const {
    const Account* from = book_.account(parcel.from);
    if (from == nullptr || !from->acted_for_by(integration.id)) {
        return Refusal(403, "Integrasjonen har ikke tilgang til avsenderkontoen");
    }
    const Account* to = book_.account(parcel.to);
    if (to == nullptr) {
        return Refusal(404, "Mottakerkontoen finnes ikke");
    }
    if (!to->takes_from(parcel.from)) {
        return Refusal(403, "Avsenderkontoen har ikke tilgang til mottakerkontoen");
    }
    return std::nullopt;
}

sdk::Task<std::variant<Value, Refusal>> Sending::take(http::Request& request,
                                                      const Integration& integration) {
    if (kit::media_type(request) != "multipart/form-data") {
        co_return Refusal(415, "Innholdet er multipart/form-data");
    }
    Upload upload(book_.incoming_path());
    const bool whole = co_await kit::read_multipart(request, upload);
    if (upload.too_large) {
        co_return Refusal(413, "Meldingen er større enn 5 GB");
    }
    if (!whole || upload.unexpected || !upload.has_metadata) {
        co_return Refusal(400, "Innholdet har delen metadata, og data når det er en nyttelast");
    }
    auto order = read_order(upload.metadata);
    if (auto* refusal = std::get_if<Refusal>(&order)) {
        co_return std::move(*refusal);
    }
    Parcel& parcel = std::get<Parcel>(order);
    if (auto refusal = objection_to(parcel, integration)) {
        co_return std::move(*refusal);
    }
    Parcel goes;
    goes.type = parcel.type;
    goes.from = parcel.from;
    goes.to = parcel.to;
    goes.reply_to = parcel.reply_to;
    goes.custom = parcel.custom;
    goes.ttl_ms = parcel.ttl_ms;
    goes.file = std::move(upload.file);
    const auto sent = co_await post_.send(std::move(goes));
    if (!sent) {
        co_return Refusal(500, "Meldingen kunne ikke legges i køen");
    }
    co_return receipt_of(*sent, parcel, PostOffice::ttl_of(parcel.ttl_ms));
}

}   // namespace gateway::fiks_io::standin
