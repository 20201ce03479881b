#include "adapters/altinn/standin/attachments.hpp"

#include "adapters/altinn/standin/form.hpp"
#include "adapters/altinn/standin/rules.hpp"
#include "adapters/altinn/standin/validation.hpp"
#include "adapters/altinn/standin/views.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <array>
#include <cstdio>

namespace gateway::altinn::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t request_bytes_max = 1U << 20U;
constexpr std::uint64_t file_bytes_max = 50'000'000'000;
constexpr std::size_t piece = 64U << 10U;

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

bool shown_inline(const std::string& mime) {
    return mime == "application/pdf" || mime == "image/png" || mime == "image/jpeg" ||
           mime == "image/gif" || mime == "image/bmp";
}

}   // namespace

http::Response file_response(const Attachment& attachment) {
    std::FILE* file = attachment.file.empty() ? nullptr : std::fopen(attachment.file.c_str(), "rb");
    if (file == nullptr) {
        return to_response(Refusal(2001));
    }
    http::Response response(200);
    const bool in_page = shown_inline(mime_type(attachment.file_name));
    std::string name;
    for (const char c : attachment.file_name) {
        const bool safe = c >= ' ' && c < '\x7F' && c != '"' && c != '\\';
        name.push_back(safe ? c : '_');
    }
    response.headers.emplace_back("Content-Type", "application/octet-stream");
    response.headers.emplace_back("Content-Disposition",
                                  (in_page ? "inline; filename=\"" : "attachment; filename=\"") +
                                      name + "\"");
    response.stream = std::make_unique<FileSource>(file, attachment.size);
    return response;
}

Attachment* Attachments::find(const Caller& caller, const std::string& id, Refusal& wrong) {
    Attachment* attachment = platform_.book.attachment(kit::lower(id));
    if (attachment == nullptr) {
        wrong = Refusal(2001);
        return nullptr;
    }
    if (attachment->owner != caller.organisation) {
        wrong = Refusal(4001);
        return nullptr;
    }
    return attachment;
}

sdk::Task<http::Response> Attachments::initialize(http::Request& request, const Caller& caller) {
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (!body || !body->is_object()) {
        co_return to_response(
            FieldFaults{FieldFault("$", "The body is not the JSON that was expected")});
    }
    const FieldFaults faults = validate_attachment(*body, "");
    if (!faults.empty()) {
        co_return to_response(faults);
    }
    const std::string& resource = get(*body, "resourceId").as_string();
    if (const auto wrong = check_resource(platform_, caller, resource, false)) {
        co_return to_response(*wrong);
    }
    if (const auto wrong = check_file_name(get(*body, "fileName").as_string())) {
        co_return to_response(*wrong);
    }
    Attachment attachment;
    attachment.id = kit::random_uuid();
    attachment.owner = caller.organisation;
    attachment.resource = (*platform_.settings.resource(resource))["id"].as_string();
    attachment.file_name = get(*body, "fileName").as_string();
    attachment.display_name = get(*body, "displayName").as_string();
    attachment.senders_reference = get(*body, "sendersReference").as_string();
    attachment.checksum = get(*body, "checksum").as_string();
    attachment.encrypted = get(*body, "isEncrypted").as_bool();
    if (get(*body, "expirationInDays").is_int()) {
        attachment.expiration_days = get(*body, "expirationInDays").as_int();
    }
    attachment.created = platform_.book.now();
    attachment.history.emplace_back("Initialized", "Initialized", attachment.created);
    const std::string id = attachment.id;
    platform_.book.add(std::move(attachment));
    co_return kit::json_response(200, Value(id));   // a bare JSON text
}

sdk::Task<http::Response> Attachments::upload(http::Request& request, const Caller& caller,
                                              const std::string& id) {
    if (kit::media_type(request) != "application/octet-stream") {
        co_return plain_problem(415, "The body is application/octet-stream");
    }
    Refusal wrong;
    Attachment* attachment = find(caller, id, wrong);
    if (attachment == nullptr) {
        co_return to_response(wrong);
    }
    const std::string status = attachment->status().status;
    if (status == "Purged") {
        co_return to_response(Refusal(2006));
    }
    if (status != "Initialized") {
        co_return to_response(Refusal(2005));
    }
    if (!platform_.book.linked_to(attachment->id).empty()) {
        co_return to_response(Refusal(2003));
    }
    if (request.content_length.value_or(1) == 0 ||
        request.content_length.value_or(1) > file_bytes_max) {
        co_return to_response(Refusal(2004));
    }
    // From here on the id is used up, whatever becomes of the bytes.
    platform_.book.set_status(*attachment, "UploadProcessing");
    kit::StoredFile file(platform_.book.folder() + "/part-" + kit::random_uuid());
    std::vector<char> buffer(piece);
    bool whole = true;
    while (whole) {
        const auto got = co_await request.body->read(buffer);
        whole = got.has_value();
        if (!whole || *got == 0) {
            break;
        }
        file.write({buffer.data(), *got});
        whole = file.size() <= file_bytes_max;
    }
    file.finish();
    attachment = platform_.book.attachment(kit::lower(id));
    if (attachment == nullptr) {
        co_return to_response(Refusal(2001));   // forgotten meanwhile, by the control side
    }
    if (!whole) {
        platform_.book.set_status(*attachment, "Failed", "Upload failed");
        co_return to_response(Refusal(2002));
    }
    if (file.size() == 0) {
        platform_.book.set_status(*attachment, "Failed", "Upload failed");
        co_return to_response(Refusal(2004));
    }
    if (!attachment->checksum.empty() && attachment->checksum != file.md5()) {
        platform_.book.set_status(*attachment, "Failed", "Checksum mismatch");
        platform_.book.emit("attachmentuploadfailed", attachment->id);
        co_return to_response(Refusal(2008));
    }
    attachment->checksum = file.md5();
    attachment->sha256 = file.sha256();
    attachment->size = file.size();
    attachment->infected =
        file.is_eicar() || platform_.world.faults.take("malware", request).has_value();
    attachment->file = platform_.book.folder() + "/" + attachment->id;
    file.keep_as(attachment->file);
    attachment->history.pop_back();   // start_scan says it again, with the file in place
    platform_.book.start_scan(*attachment);
    co_return kit::json_response(200, attachment_view(platform_.book, *attachment, false));
}

http::Response Attachments::overview(const Caller& caller, const std::string& id, bool details) {
    Refusal wrong;
    const Attachment* attachment = find(caller, id, wrong);
    if (attachment == nullptr) {
        return to_response(wrong);
    }
    return kit::json_response(200, attachment_view(platform_.book, *attachment, details));
}

http::Response Attachments::download(const Caller& caller, const std::string& id) {
    Refusal wrong;
    const Attachment* attachment = find(caller, id, wrong);
    if (attachment == nullptr) {
        return to_response(wrong);
    }
    if (attachment->status().status == "Purged") {
        return to_response(Refusal(2006));
    }
    for (const std::string& letter : platform_.book.linked_to(attachment->id)) {
        const Correspondence* linked = platform_.book.correspondence(letter);
        if (linked != nullptr && linked->published) {
            return to_response(Refusal(2016));
        }
    }
    return file_response(*attachment);
}

http::Response Attachments::remove(const Caller& caller, const std::string& id) {
    Refusal wrong;
    Attachment* attachment = find(caller, id, wrong);
    if (attachment == nullptr) {
        return to_response(wrong);
    }
    if (attachment->status().status == "Purged") {
        return to_response(Refusal(2006));
    }
    for (const std::string& letter : platform_.book.linked_to(attachment->id)) {
        const Correspondence* linked = platform_.book.correspondence(letter);
        if (linked != nullptr && !linked->purged()) {
            return to_response(Refusal(2007));
        }
    }
    if (!attachment->file.empty()) {
        std::remove(attachment->file.c_str());
        attachment->file.clear();
    }
    attachment->scan_due.reset();
    platform_.book.set_status(*attachment, "Purged");
    platform_.book.emit("attachmentpurged", attachment->id);
    return kit::json_response(200, attachment_view(platform_.book, *attachment, false));
}

}   // namespace gateway::altinn::standin
