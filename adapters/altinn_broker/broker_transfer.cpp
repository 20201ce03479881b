#include "adapters/altinn_broker/broker_transfer.hpp"

namespace gateway::altinn_broker {
namespace {

constexpr std::size_t file_name_max = 255;
constexpr std::size_t properties_max = 10;
constexpr std::size_t property_key_max = 50;
constexpr std::size_t property_value_max = 300;
constexpr const char* reference_property = "reference";

std::string actor(const std::string& organisation) {
    return "0192:" + organisation;
}

/// Characters of UTF-8, as Altinn counts them.
std::size_t length_of(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    }
    return count;
}

std::string field(const std::string& boundary, const std::string& name, const std::string& text) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" +
           text + "\r\n";
}

/// As browsers write a name into a header: nothing in it may end the header or the quotes.
std::string quoted(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '"') {
            safe += "%22";
        } else if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') {
            safe += c;
        }
    }
    return safe;
}

}   // namespace

std::optional<Transfer> read_transfer(const core::Delivery& delivery) {
    const auto content = json::parse(delivery.content);
    const auto with = json::parse(delivery.settings);
    if (!content || !with || delivery.documents.size() != 1) {
        return std::nullopt;
    }
    Transfer transfer;
    transfer.delivery = &delivery;
    transfer.route = read_route(*with);
    transfer.sender = transfer.route.sender.empty() ? delivery.tenant.value : transfer.route.sender;
    transfer.recipient = (*content)["recipient"]["organisation"].as_string();
    if ((*content)["properties"].is_object()) {
        transfer.properties = (*content)["properties"];
    }
    // The recipient sees the sender's own reference; the one that Altinn has a field for is ours.
    const std::string& own = (*content)["reference"].as_string();
    if (!own.empty() && !transfer.properties.has(reference_property) &&
        transfer.properties.members().size() < properties_max) {
        transfer.properties.set(reference_property, own);
    }
    if (transfer.recipient.empty() || transfer.route.resource.empty()) {
        return std::nullopt;
    }
    return transfer;
}

std::string describe(const Transfer& transfer, bool without_scan) {
    json::Value body;
    body.set("fileName", transfer.file().name).set("resourceId", transfer.route.resource);
    body.set("sendersFileTransferReference", transfer.reference());
    body.set("sender", actor(transfer.sender));
    body.set("recipients", json::Value::array().push(actor(transfer.recipient)));
    body.set("propertyList", transfer.properties);
    body.set("checksum", transfer.file().md5_hex);
    if (without_scan) {
        body.set("disableVirusScan", true);
    }
    return json::write(body);
}

std::string form_head(const Transfer& transfer, bool without_scan, const std::string& boundary) {
    std::string form = field(boundary, "Metadata.FileName", transfer.file().name);
    form += field(boundary, "Metadata.ResourceId", transfer.route.resource);
    form += field(boundary, "Metadata.SendersFileTransferReference", transfer.reference());
    form += field(boundary, "Metadata.Sender", actor(transfer.sender));
    form += field(boundary, "Metadata.Recipients[0]", actor(transfer.recipient));
    form += field(boundary, "Metadata.Checksum", transfer.file().md5_hex);
    for (const auto& [key, value] : transfer.properties.members()) {
        form += field(boundary, "Metadata.PropertyList[" + quoted(key) + "]", value.as_string());
    }
    if (without_scan) {
        form += field(boundary, "Metadata.DisableVirusScan", "true");
    }
    form += "--" + boundary +
            "\r\nContent-Disposition: form-data; name=\"FileTransfer\"; filename=\"" +
            quoted(transfer.file().name) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    return form;
}

std::string form_tail(const std::string& boundary) {
    return "\r\n--" + boundary + "--\r\n";
}

std::vector<core::Problem> check_transfer(const json::Value& message,
                                          std::span<const core::DocumentRef> documents) {
    std::vector<core::Problem> problems;
    if (documents.size() > 1) {
        problems.emplace_back("/documents", "altinn_broker.one_file",
                              core::Params{{"count", std::to_string(documents.size())}});
    }
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const std::string pointer = "/documents/" + std::to_string(i);
        if (length_of(documents[i].name) > file_name_max) {
            problems.emplace_back(pointer + "/name", "altinn_broker.file_name_too_long",
                                  core::Params{{"max", std::to_string(file_name_max)}});
        }
        if (documents[i].size == 0) {
            problems.emplace_back(pointer, "altinn_broker.file_empty");
        }
        if (documents[i].size > file_bytes_max) {
            problems.emplace_back(pointer, "altinn_broker.file_too_large",
                                  core::Params{{"max", std::to_string(file_bytes_max)}});
        }
    }
    const auto& properties = message["properties"].members();
    if (properties.size() > properties_max) {
        problems.emplace_back("/properties", "altinn_broker.too_many_properties",
                              core::Params{{"max", std::to_string(properties_max)}});
    }
    for (const auto& [key, value] : properties) {
        if (length_of(key) > property_key_max ||
            length_of(value.as_string()) > property_value_max) {
            problems.emplace_back("/properties", "altinn_broker.property_too_long",
                                  core::Params{{"key_max", std::to_string(property_key_max)},
                                               {"value_max", std::to_string(property_value_max)}});
            break;
        }
    }
    if (!core::is_organisation_number(message["recipient"]["organisation"].as_string())) {
        problems.emplace_back("/recipient/organisation", "altinn_broker.organisation_wrong");
    }
    return problems;
}

}   // namespace gateway::altinn_broker
