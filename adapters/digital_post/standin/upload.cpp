#include "adapters/digital_post/standin/upload.hpp"

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::digital_post::standin {

namespace {

constexpr std::size_t message_bytes_max = 256U << 10U;
// 50 MB of documents, and what sealing adds.
constexpr std::uint64_t package_bytes_max = 64ULL << 20U;

std::string bare_type(std::string_view content_type) {
    std::string type = gateway::standin::lower(content_type.substr(0, content_type.find(';')));
    while (type.ends_with(' ')) {
        type.pop_back();
    }
    return type;
}

}   // namespace

void Upload::refuse(const char* why) {
    if (!refusal_) {
        refusal_.emplace(400, why);
    }
}

void Upload::begin(gateway::standin::PartHead head) {
    in_message_ = head.name == "forretningsmelding";
    in_package_ = head.name == "dokumentpakke";
    const std::string type = bare_type(head.content_type);
    if (in_message_) {
        if (has_message_) {
            refuse("There are two parts named forretningsmelding");
        }
        if (type != "application/jwt") {
            refuse("forretningsmelding is application/jwt");
        }
        has_message_ = true;
    } else if (in_package_) {
        if (package) {
            refuse("There are two parts named dokumentpakke");
        }
        if (type != "application/cms") {
            refuse("dokumentpakke is application/cms");
        }
        if (!refusal_) {
            package_path = folder_ + "/part-" + gateway::standin::random_uuid();
            package = std::make_unique<gateway::standin::StoredFile>(package_path);
        }
    } else {
        refuse("There is a part that is neither forretningsmelding nor dokumentpakke");
    }
}

void Upload::data(std::string_view bytes) {
    if (refusal_) {
        return;
    }
    if (in_message_) {
        if (message.size() + bytes.size() > message_bytes_max) {
            refuse("forretningsmelding is too large");
        } else {
            message.append(bytes);
        }
    } else if (in_package_) {
        if (package->size() + bytes.size() > package_bytes_max) {
            refuse("dokumentpakke is too large");
        } else {
            package->write(bytes);
        }
    }
}

void Upload::end() {
    if (in_package_ && package && !refusal_) {
        package->finish();
    }
}

std::optional<Refusal> Upload::objection() const {
    if (refusal_) {
        return refusal_;
    }
    if (!has_message_ || !package) {
        return Refusal(400, "The body has the parts forretningsmelding and dokumentpakke");
    }
    return std::nullopt;
}

}   // namespace gateway::digital_post::standin
