#include "adapters/fiks_io/receiver_envelope.hpp"

#include "adapters/common/fiks/fiks_access.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gateway::fiks_io {

namespace {

constexpr std::string_view own_prefix = "egendefinert-header.";
constexpr std::string_view platform_prefix = "no.ks.fiks.kvittering.";
constexpr std::size_t type_length_max = 100;
constexpr std::size_t correlation_length_max = 500;
constexpr std::size_t own_headers_max = 50;
constexpr std::size_t own_header_length_max = 1000;

/// Fiks IO's own headers, and those that a sender sets with a meaning.
constexpr const char* client_id_header = "egendefinert-header.klientMeldingId";
constexpr std::array<const char*, 2> correlation_headers{
    "egendefinert-header.klientKorrelasjonsId",
    "egendefinert-header.klientKorrelasjonId"};   // as Java wrote it until 2026
constexpr std::array<const char*, 6> meaningful{"melding-id",       "type",     "avsender-id",
                                                "dokumentlager-id", "svar-til", client_id_header};

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= type_length_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_printable(std::string_view text, std::size_t length_max) {
    return text.size() <= length_max && json::utf8_fault(text) == std::string_view::npos &&
           std::none_of(text.begin(), text.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte < ' ' || byte == 0x7f;
           });
}

void fault(ReadEnvelope& read, const char* code, std::string_view header) {
    if (read.fault.empty()) {
        read.fault = code;
        read.params = {{"header", std::string(header)}};
    }
}

/// A UUID, or nothing with the fault noted.
std::string uuid(ReadEnvelope& read, const amqp::MessageHead& head, const char* name, bool needed) {
    const std::string_view given = head.header(name);
    if (given.empty()) {
        if (needed) {
            fault(read, "fiks_io.header_missing", name);
        }
        return {};
    }
    auto value = fiks_platform::uuid_in(given);
    if (value.empty()) {
        fault(read, "fiks_io.header_wrong", name);
    }
    return value;
}

/// The sender's own headers but those that have a place of their own.
void read_own(ReadEnvelope& read, const amqp::MessageHead& head) {
    for (const auto& [name, value] : head.headers) {
        const bool own = name.starts_with(own_prefix) && name != client_id_header &&
                         name != correlation_headers[0] && name != correlation_headers[1];
        if (own && read.envelope.headers.size() < own_headers_max &&
            is_printable(name, own_header_length_max) &&
            is_printable(value, own_header_length_max)) {
            read.envelope.headers.emplace_back(name.substr(own_prefix.size()), value);
        }
    }
}

}   // namespace

ReadEnvelope read_envelope(const amqp::MessageHead& head) {
    ReadEnvelope read;
    for (const auto& name : head.odd) {
        const bool matters =
            std::find(meaningful.begin(), meaningful.end(), name) != meaningful.end();
        if (matters) {
            fault(read, "fiks_io.header_not_text", name);
        } else {
            ++read.odd;
        }
    }
    Envelope& envelope = read.envelope;
    // What Fiks IO itself says is about the message it answers: nobody need have sent it.
    const bool platform = head.header("type").starts_with(platform_prefix);
    envelope.id = uuid(read, head, "melding-id", !platform);
    envelope.sender = uuid(read, head, "avsender-id", !platform);
    envelope.type = head.header("type");
    if (envelope.type.empty()) {
        fault(read, "fiks_io.header_missing", "type");
    } else if (!is_name(envelope.type)) {
        fault(read, "fiks_io.header_wrong", "type");
        envelope.type.clear();
    }
    envelope.answers = uuid(read, head, "svar-til", false);
    envelope.answers_type = head.header("svar-til-type");
    envelope.stored_elsewhere = uuid(read, head, "dokumentlager-id", false);
    // A client's id that is no UUID is a stranger's habit: it still tells the same from another.
    envelope.client_id = head.header(client_id_header);
    if (!envelope.client_id.empty() && !is_name(envelope.client_id)) {
        fault(read, "fiks_io.header_wrong", client_id_header);
        envelope.client_id.clear();
    }
    for (const char* name : correlation_headers) {
        if (envelope.correlation.empty() &&
            is_printable(head.header(name), correlation_length_max)) {
            envelope.correlation = head.header(name);
        }
    }
    read_own(read, head);
    return read;
}

std::string Envelope::dedupe_id(const std::string& account) const {
    constexpr std::size_t id_length_max = 200;
    constexpr std::size_t account_mark = 8;
    if (!client_id.empty()) {
        auto whole = sender + "/" + client_id + "/" + account.substr(0, account_mark) + "/" + type;
        if (whole.size() <= id_length_max) {
            return whole;
        }
    }
    return id;
}

std::string queue_of(const std::string& account) {
    return "fiksio.konto." + account;
}

}   // namespace gateway::fiks_io
