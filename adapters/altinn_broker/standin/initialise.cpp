#include "adapters/altinn_broker/standin/initialise.hpp"

#include "adapters/altinn_broker/standin/problem.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>

namespace gateway::altinn_broker::standin {

using json::Value;

namespace {

constexpr std::string_view organisation_urn = "urn:altinn:organization:identifier-no:";
constexpr std::uint64_t scanned_bytes_max = 50'000'000'000;
constexpr std::size_t name_max = 255;
constexpr std::size_t reference_max = 4096;
constexpr std::size_t properties_max = 10;
constexpr std::size_t property_key_max = 50;
constexpr std::size_t property_value_max = 300;

/// The nine digits of "0192:" or the URN; empty for anything else.
std::string organisation_in(std::string_view text) {
    std::string_view digits;
    if (text.starts_with("0192:")) {
        digits = text.substr(5);
    } else if (text.starts_with(organisation_urn)) {
        digits = text.substr(organisation_urn.size());
    }
    const bool fits =
        digits.size() == 9 && digits.find_first_not_of("0123456789") == std::string_view::npos;
    return fits ? std::string(digits) : std::string();
}

bool is_md5(const std::string& text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Model validation: the first member that is wrong.
std::optional<http::Response> wrong_member(const Value& fields) {
    const std::string& name = fields["fileName"].as_string();
    if (name.empty() || name.size() > name_max) {
        return wrong_field("FileName", "FileName has 1 to 255 characters");
    }
    const std::string& resource = fields["resourceId"].as_string();
    if (resource.empty() || resource.size() > name_max) {
        return wrong_field("ResourceId", "ResourceId is required");
    }
    const Value* reference = fields.find("sendersFileTransferReference");
    if (reference != nullptr && !reference->is_null() &&
        (reference->as_string().empty() || reference->as_string().size() > reference_max)) {
        return wrong_field("SendersFileTransferReference", "1 to 4096 characters");
    }
    if (organisation_in(fields["sender"].as_string()).empty()) {
        return wrong_field("Sender", "Sender is an organisation");
    }
    const auto& recipients = fields["recipients"].items();
    if (recipients.empty()) {
        return wrong_field("Recipients", "One recipient at least");
    }
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        if (organisation_in(recipients[i].as_string()).empty()) {
            return wrong_field("Recipients[" + std::to_string(i) + "]", "An organisation");
        }
    }
    const auto& properties = fields["propertyList"].members();
    if (properties.size() > properties_max) {
        return wrong_field("PropertyList", "10 properties at most");
    }
    for (const auto& [key, value] : properties) {
        if (key.empty() || key.size() > property_key_max || !value.is_string() ||
            value.as_string().size() > property_value_max) {
            return wrong_field("PropertyList", "A key of 50 and a value of 300 at most");
        }
    }
    const std::string& checksum = fields["checksum"].as_string();
    if (!checksum.empty() && !is_md5(checksum)) {
        return wrong_field("Checksum", "MD5, 32 lower-case hexadecimal digits");
    }
    return std::nullopt;
}

bool on_list(const Value& list, const std::string& organisation) {
    const auto& items = list.items();
    return !list.is_array() || std::any_of(items.begin(), items.end(), [&](const Value& one) {
        return one.as_string() == organisation;
    });
}

}   // namespace

std::uint64_t bytes_max(const Book& book, const Transfer& transfer) {
    const Value* resource = book.resource(transfer.resource);
    const std::int64_t said = resource == nullptr ? 0 : (*resource)["max_bytes"].as_int();
    return said > 0 ? static_cast<std::uint64_t>(said) : scanned_bytes_max;
}

Initialised initialise(Book& book, const gateway::standin::AltinnCaller& caller,
                       const Value& fields) {
    Initialised result;
    if (auto wrong = wrong_member(fields)) {
        result.refusal = std::move(*wrong);
        return result;
    }
    const Value* resource = book.resource(fields["resourceId"].as_string());
    if (resource == nullptr) {
        result.refusal = refusal(5);
        return result;
    }
    const Value* owner = book.service_owner((*resource)["owner"].as_string());
    if (owner == nullptr || !(*owner)["ready"].as_bool(true)) {
        result.refusal = refusal(owner == nullptr ? 2 : 21);
        return result;
    }
    Transfer transfer;
    transfer.sender = organisation_in(fields["sender"].as_string());
    if (transfer.sender != caller.acting) {
        result.refusal = refusal(6);
        return result;
    }
    transfer.scan = !fields["disableVirusScan"].as_bool();
    if (!transfer.scan && !(*resource)["without_scan"].as_bool()) {
        result.refusal = refusal(20);
        return result;
    }
    const std::string& required = (*resource)["required_party"].as_string();
    const Value& list = (*resource)["access_list"];
    bool required_is_there = required.empty() || required == transfer.sender;
    bool all_listed = true;
    for (const Value& one : fields["recipients"].items()) {
        Recipient recipient;
        recipient.organisation = organisation_in(one.as_string());
        recipient.history.emplace_back("Initialized", "Initialized", book.now());
        required_is_there = required_is_there || required == recipient.organisation;
        all_listed = all_listed && on_list(list, recipient.organisation);
        transfer.recipients.push_back(std::move(recipient));
    }
    if (!required_is_there || !on_list(list, transfer.sender) || !all_listed) {
        result.refusal = refusal(!required_is_there ? 26 : all_listed ? 27 : 28);
        return result;
    }
    transfer.id = gateway::standin::random_uuid();
    transfer.resource = (*resource)["id"].as_string();
    transfer.file_name = fields["fileName"].as_string();
    transfer.reference = fields["sendersFileTransferReference"].as_string();
    transfer.checksum = fields["checksum"].as_string();
    if (fields["propertyList"].is_object()) {
        transfer.properties = fields["propertyList"];
    }
    transfer.created = book.now();
    transfer.expires =
        book.now() + book.scaled(std::chrono::hours((*resource)["ttl_hours"].as_int(720)));
    transfer.history.emplace_back("Initialized", "Initialized", book.now());
    result.transfer = std::move(transfer);
    return result;
}

}   // namespace gateway::altinn_broker::standin
