#include "adapters/altinn_broker/standin/uploads.hpp"

#include "adapters/altinn_broker/standin/initialise.hpp"
#include "adapters/altinn_broker/standin/problem.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/multipart.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

namespace gateway::altinn_broker::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t block_bytes = 256U << 10U;
constexpr std::uint64_t form_bytes_max = 2'000'000'000;
constexpr std::size_t fields_bytes_max = 1U << 20U;
constexpr std::chrono::hours tus_life{24};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

http::Response with_tus(http::Response response) {
    response.headers.emplace_back("Tus-Resumable", "1.0.0");
    return response;
}

http::Response id_answer(const Transfer& transfer) {
    Value body;
    body.set("fileTransferId", transfer.id);
    return kit::json_response(200, body);
}

/// "Metadata.FileName" -> the member; "Metadata.Recipients[0]" and "Metadata.PropertyList[key]" (or
/// ".key") go into theirs.
void put_field(Value& fields, const std::string& name, const std::string& text) {
    constexpr std::string_view prefix = "metadata.";
    if (!kit::lower(name).starts_with(prefix)) {
        return;
    }
    const std::string rest = name.substr(prefix.size());
    const std::size_t end = rest.find_first_of("[.");
    std::string member = rest.substr(0, end);
    member[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(member[0])));
    if (member == "recipients") {
        Value list = fields[member].is_array() ? fields[member] : Value::array();
        fields.set(member, list.push(text));
    } else if (member == "propertyList" && end != std::string::npos) {
        std::string key = rest.substr(end + 1);
        if (!key.empty() && key.back() == ']') {
            key.pop_back();
        }
        Value list = fields[member].is_object() ? fields[member] : Value::object();
        fields.set(member, list.set(key, text));
    } else if (member == "disableVirusScan") {
        fields.set(member, text == "true");
    } else if (!member.empty()) {
        fields.set(member, text);
    }
}

/// Fields in memory, the file to disk as it comes.
class FormParts final : public kit::PartSink {
public:
    explicit FormParts(std::string path) : path_(std::move(path)) {}
    ~FormParts() override {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

    void begin(kit::PartHead head) override {
        in_file_ = head.is_file;
        name_ = std::move(head.name);
        text_.clear();
        if (in_file_) {
            wrong = wrong || file != nullptr || kit::lower(name_) != "filetransfer";
            file = std::make_unique<PartFile>(path_);
        }
    }
    void data(std::string_view bytes) override {
        if (in_file_) {
            file->write(bytes);
            return;
        }
        field_bytes_ += bytes.size();
        wrong = wrong || field_bytes_ > fields_bytes_max;
        if (!wrong) {
            text_.append(bytes);
        }
    }
    void end() override {
        if (in_file_) {
            file->flush();
        } else {
            put_field(fields, name_, text_);
        }
    }
    void move_to(const std::string& path) {
        file.reset();
        std::filesystem::rename(path_, path);
    }

    Value fields = Value::object();
    std::unique_ptr<PartFile> file;
    bool wrong = false;

private:
    std::string path_;
    bool in_file_ = false;
    std::string name_;
    std::string text_;
    std::size_t field_bytes_ = 0;
};

}   // namespace

PartFile& Uploads::part(const Transfer& transfer) {
    auto& file = parts_[transfer.id];
    if (!file) {
        file = std::make_unique<PartFile>(book_.part_of(transfer));
    }
    return *file;
}

sdk::Task<bool> Uploads::take(http::Request& request, PartFile& file, std::uint64_t left,
                              bool& cut) {
    std::uint64_t until_cut = left;
    if (const auto fault = world_.faults.take("cut_upload", request)) {
        until_cut = static_cast<std::uint64_t>(fault->number("after_bytes", 0));
        cut = until_cut < left;
    }
    std::vector<char> block(block_bytes);
    std::uint64_t taken = 0;
    while (!cut || taken < until_cut) {
        const auto got = co_await request.body->read(block);
        if (!got) {
            file.flush();
            co_return false;
        }
        if (*got == 0) {
            break;
        }
        std::size_t count = *got;
        if (cut) {
            count = static_cast<std::size_t>(std::min<std::uint64_t>(count, until_cut - taken));
        }
        taken += count;
        if (taken > left) {
            co_return false;
        }
        file.write({block.data(), count});
    }
    file.flush();
    co_return true;
}

http::Response Uploads::finish(http::Request& request, Transfer& transfer) {
    PartFile& file = part(transfer);
    transfer.size = file.size();
    const auto digests = file.finish();
    transfer.infected = file.is_eicar() || world_.faults.take("malware", request).has_value();
    parts_.erase(transfer.id);
    if (!transfer.checksum.empty() && transfer.checksum != digests.md5) {
        std::filesystem::remove(book_.part_of(transfer));
        book_.set_status(transfer, "Failed", "Checksum mismatch");
        return refusal(9);
    }
    transfer.checksum = digests.md5;
    transfer.sha256 = digests.sha256;
    std::filesystem::rename(book_.part_of(transfer), book_.file_of(transfer));
    book_.uploaded(transfer);
    return id_answer(transfer);
}

sdk::Task<http::Response> Uploads::raw(http::Request& request, const Caller& caller,
                                       std::string id) {
    Transfer* transfer = book_.find(id);
    if (transfer == nullptr || transfer->sender != caller.acting) {
        co_return refusal(1);
    }
    if (transfer->status() != "Initialized" || transfer->tus_length) {
        co_return refusal(4);
    }
    const std::uint64_t most = bytes_max(book_, *transfer);
    if (request.content_length && *request.content_length > most) {
        co_return refusal(16);
    }
    book_.set_status(*transfer, "UploadStarted");
    bool cut = false;
    const bool whole = co_await take(request, part(*transfer), most, cut);
    transfer = book_.find(id);
    if (transfer == nullptr) {
        co_return refusal(1);
    }
    if (!whole || cut) {
        parts_.erase(id);
        std::filesystem::remove(book_.part_of(*transfer));
        book_.set_status(*transfer, "Failed", "Upload failed");
        http::Response response = refusal(8);
        response.abort = cut;
        co_return response;
    }
    co_return finish(request, *transfer);
}

sdk::Task<http::Response> Uploads::form(http::Request& request, const Caller& caller) {
    if (kit::media_type(request) != "multipart/form-data") {
        co_return plain_problem(415, "The body is multipart/form-data");
    }
    if (request.content_length && *request.content_length > form_bytes_max) {
        co_return plain_problem(413, "The form is too large");
    }
    FormParts parts(book_.files() + "/form-" + kit::random_uuid());
    const bool whole = co_await kit::read_multipart(request, parts);
    if (!whole || parts.wrong || !parts.file) {
        co_return wrong_field("FileTransfer", "The body is not the form that was expected");
    }
    auto made = initialise(book_, caller, parts.fields);
    if (!made.transfer) {
        co_return std::move(made.refusal);
    }
    if (parts.file->size() > bytes_max(book_, *made.transfer)) {
        co_return refusal(16);
    }
    const std::string id = made.transfer->id;
    parts.move_to(book_.part_of(*made.transfer));
    book_.add(std::move(*made.transfer));
    Transfer* transfer = book_.find(id);
    book_.set_status(*transfer, "UploadStarted");
    http::Response response = finish(request, *transfer);
    if (response.status == 200) {
        co_return kit::json_response(200, Value(id));
    }
    co_return response;
}

http::Response Uploads::tus_create(http::Request& request, Transfer& transfer) {
    if (!request.header("Upload-Defer-Length").empty()) {
        return plain_problem(400, "Upload-Defer-Length is not supported");
    }
    const auto length = number(request.header("Upload-Length"));
    if (!length) {
        return plain_problem(400, "Upload-Length is required");
    }
    if (*length > bytes_max(book_, transfer)) {
        return plain_problem(413, "The file is larger than the resource allows");
    }
    if (transfer.status() != "Initialized" && transfer.status() != "UploadStarted") {
        return refusal(4);
    }
    if (transfer.tus_length || transfer.status() == "UploadStarted") {
        return refusal(4);
    }
    transfer.tus_length = static_cast<std::int64_t>(*length);
    transfer.tus_until = book_.now() + book_.scaled(tus_life);
    book_.set_status(transfer, "UploadStarted");
    part(transfer);
    http::Response response(201);
    response.headers.emplace_back("Location",
                                  "/broker/api/v1/filetransfer/upload/tus/" + transfer.id);
    return response;
}

sdk::Task<http::Response> Uploads::tus_patch(http::Request& request, Transfer& transfer) {
    if (kit::media_type(request) != "application/offset+octet-stream") {
        co_return plain_problem(415, "The body is application/offset+octet-stream");
    }
    const auto offset = number(request.header("Upload-Offset"));
    const std::string id = transfer.id;
    const auto length = static_cast<std::uint64_t>(*transfer.tus_length);
    if (!offset) {
        co_return plain_problem(400, "Upload-Offset is required");
    }
    if (*offset != part(transfer).size()) {
        co_return plain_problem(409, "Upload-Offset is not where the upload stands");
    }
    bool cut = false;
    const bool whole = co_await take(request, part(transfer), length - *offset, cut);
    Transfer* still = book_.find(id);
    if (still == nullptr) {
        co_return refusal(1);
    }
    if (!whole || cut) {
        http::Response response = plain_problem(400, "The body ended before its time");
        response.abort = cut;
        co_return response;
    }
    const std::uint64_t size = part(*still).size();
    if (size == length) {
        http::Response finished = finish(request, *still);
        if (finished.status != 200) {
            co_return finished;
        }
    }
    http::Response response(204);
    response.headers.emplace_back("Upload-Offset", std::to_string(size));
    co_return response;
}

sdk::Task<http::Response> Uploads::tus(http::Request& request, const Caller& caller,
                                       std::string id) {
    Transfer* transfer = book_.find(id);
    if (transfer == nullptr || transfer->sender != caller.acting) {
        co_return with_tus(refusal(1));
    }
    if (request.method == "OPTIONS") {
        http::Response response(204);
        response.headers.emplace_back("Tus-Version", "1.0.0");
        response.headers.emplace_back("Tus-Extension", "creation,termination,expiration");
        co_return with_tus(std::move(response));
    }
    if (request.header("Tus-Resumable") != "1.0.0") {
        http::Response response(412);
        response.headers.emplace_back("Tus-Version", "1.0.0");
        co_return with_tus(std::move(response));
    }
    if (request.method == "POST") {
        co_return with_tus(tus_create(request, *transfer));
    }
    const bool open = transfer->status() == "UploadStarted" && transfer->tus_length.has_value();
    if (!open || transfer->tus_until <= book_.now()) {
        co_return with_tus(refusal(1));
    }
    if (request.method == "HEAD") {
        http::Response response(200);
        response.headers.emplace_back("Upload-Offset", std::to_string(part(*transfer).size()));
        response.headers.emplace_back("Upload-Length", std::to_string(*transfer->tus_length));
        response.headers.emplace_back("Cache-Control", "no-store");
        co_return with_tus(std::move(response));
    }
    if (request.method == "PATCH") {
        http::Response response = co_await tus_patch(request, *transfer);
        co_return with_tus(std::move(response));
    }
    if (request.method == "DELETE") {
        parts_.erase(id);
        std::filesystem::remove(book_.part_of(*transfer));
        book_.set_status(*transfer, "Cancelled", "The upload was ended by the sender");
        co_return with_tus(http::Response(204));
    }
    co_return with_tus(http::Response(405));
}

}   // namespace gateway::altinn_broker::standin
