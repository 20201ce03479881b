#include "gateway/exchanges/harmless.hpp"

#include <algorithm>
#include <array>

namespace gateway::exchanges {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t name_digits_max = 4;      // fewer than any number that names somebody
constexpr std::size_t digits_in_row_max = 10;   // of a made id: a national id has eleven

// All in lower case and without what stands between words.
constexpr std::array<std::string_view, 13> code_fields{
    "code",  "errorcode", "error",      "faultcode", "feilkode",  "status",    "statuscode",
    "state", "severity",  "resultcode", "httpcode",  "eventtype", "httpstatus"};
constexpr std::array<std::string_view, 19> id_fields{"id",
                                                     "uuid",
                                                     "requestid",
                                                     "correlationid",
                                                     "traceid",
                                                     "instanceid",
                                                     "dataid",
                                                     "attachmentid",
                                                     "correspondenceid",
                                                     "filetransferid",
                                                     "forsendelseid",
                                                     "forsendelsesid",
                                                     "meldingid",
                                                     "meldingsid",
                                                     "messageid",
                                                     "conversationid",
                                                     "konversasjonsid",
                                                     "kontoid",
                                                     "errorid"};
constexpr std::array<std::string_view, 15> time_fields{
    "timestamp", "time",          "tidspunkt", "created",   "createdat",
    "updated",   "updatedat",     "changed",   "changedat", "published",
    "sent",      "statuschanged", "expires",   "expiresat", "lastchanged"};

/// Words of a state that look like any other word, and so could be anybody's name.
constexpr std::array<std::string_view, 40> state_words{
    "ok",          "error",       "accepted",  "rejected",  "delivered", "failed",   "failure",
    "published",   "read",        "sent",      "received",  "pending",   "queued",   "processing",
    "initialized", "initialised", "completed", "cancelled", "canceled",  "archived", "confirmed",
    "purged",      "active",      "inactive",  "created",   "updated",   "deleted",  "ready",
    "reserved",    "fetched",     "mottatt",   "lest",      "sendt",     "levert",   "feilet",
    "avvist",      "akseptert",   "klar",      "validert",  "unknown"};

/// Of the interfaces that the adapters know.
constexpr std::array<std::string_view, 66> path_words{"api",
                                                      "altinn",
                                                      "accesspackages",
                                                      "archive",
                                                      "attachment",
                                                      "attachments",
                                                      "authentication",
                                                      "broker",
                                                      "byexternalref",
                                                      "complete",
                                                      "confirm",
                                                      "confirmdownload",
                                                      "correspondence",
                                                      "create",
                                                      "data",
                                                      "details",
                                                      "document",
                                                      "documents",
                                                      "dokumenter",
                                                      "dokumentlager",
                                                      "download",
                                                      "enheter",
                                                      "events",
                                                      "exchange",
                                                      "fiks",
                                                      "fiks-io",
                                                      "filetransfer",
                                                      "folkeregister",
                                                      "forsendelse",
                                                      "forsendelser",
                                                      "forsendelsestyper",
                                                      "hendelser",
                                                      "hent",
                                                      "hentnyeforsendelser",
                                                      "in",
                                                      "instances",
                                                      "katalog",
                                                      "konto",
                                                      "kontoer",
                                                      "kvittermottak",
                                                      "lastned",
                                                      "markasread",
                                                      "maskinporten",
                                                      "messages",
                                                      "mottaker",
                                                      "mottakersystem",
                                                      "mottakfeilet",
                                                      "nedlasting",
                                                      "offentlignokkel",
                                                      "openid",
                                                      "oppdateringer",
                                                      "organisasjon",
                                                      "out",
                                                      "personer",
                                                      "print",
                                                      "publickey",
                                                      "purge",
                                                      "read",
                                                      "resource",
                                                      "rest",
                                                      "send",
                                                      "status",
                                                      "subscriptions",
                                                      "systemuser",
                                                      "token",
                                                      "upload"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_letter(char c) {
    return is_lower(c) || is_upper(c);
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

std::size_t longest_run_of_digits(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = is_digit(c) ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// "@odata.status", "ns2:errorCode" and "error_code" are "status" and "errorcode".
std::string plain_name(std::string_view field) {
    if (const auto colon = field.rfind(':'); colon != std::string_view::npos) {
        field.remove_prefix(colon + 1);
    }
    std::string plain;
    for (const char c : lower_case(field)) {
        if (is_lower(c) || is_digit(c)) {
            plain.push_back(c);
        }
    }
    return plain;
}

/// Written as programs write codes: INVALID_GRANT, invalid_grant, InvalidGrant, no.ks.fiks.v1, or a
/// word of state. A single word of any other kind may be a name.
bool is_code(std::string_view text) {
    if (text.empty() || text.size() > name_bytes_max || digits_in(text) > name_digits_max + 1) {
        return false;
    }
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '.';
    });
    if (!plain) {
        return false;
    }
    if (is_short_number(text, name_digits_max + 1) || holds(state_words, lower_case(text))) {
        return true;
    }
    const bool shouts = std::none_of(text.begin(), text.end(), is_lower) &&
                        text.find('_') != std::string_view::npos;
    const auto small = std::none_of(text.begin(), text.end(), is_upper);
    const bool snake = small && text.find('_') != std::string_view::npos;
    const bool dotted = small && std::count(text.begin(), text.end(), '.') >= 2;
    bool humps = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        humps = humps || (is_lower(text[i - 1]) && is_upper(text[i]));
    }
    return shouts || snake || dotted || (humps && text.find('.') == std::string_view::npos);
}

/// RFC 3339 to the second at least: a day alone may be somebody's birthday.
bool is_time(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    constexpr std::size_t fraction_and_zone_max = 16;
    if (text.size() < form.size() || text.size() > form.size() + fraction_and_zone_max) {
        return false;
    }
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (is_digit(form[i]) ? !is_digit(text[i]) : text[i] != form[i]) {
            return false;
        }
    }
    const auto rest = text.substr(form.size());
    return longest_run_of_digits(rest) < digits_in_row_max &&
           std::all_of(rest.begin(), rest.end(), [](char c) {
               return is_digit(c) || c == '.' || c == ':' || c == '+' || c == '-' || c == 'Z';
           });
}

}   // namespace

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return lower;
}

bool is_short_number(std::string_view text, std::size_t digits_max) {
    return !text.empty() && text.size() <= digits_max && digits_in(text) == text.size();
}

bool is_field_name(std::string_view text) {
    if (text.empty() || text.size() > name_bytes_max || digits_in(text) > name_digits_max) {
        return false;
    }
    const char first = text.front();
    if (!text.starts_with("@odata.") && text.find('.') != std::string_view::npos) {
        return false;   // "@odata.type" is a field, "ola.nordmann" is somebody
    }
    if (!is_letter(first) && first != '_' && first != '@' && first != '$') {
        return false;
    }
    return std::all_of(text.begin() + 1, text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == ':';
    });
}

std::string shown_name(std::string_view name) {
    return std::string(is_field_name(name) ? name : masked);
}

bool is_made_id(std::string_view text) {
    constexpr std::size_t dashed = 36;
    constexpr std::size_t bare = 32;
    if (text.size() != dashed && text.size() != bare) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = text.size() == dashed && (i == 8 || i == 13 || i == 18 || i == 23);
        if (dash ? text[i] != '-' : !is_hex(text[i])) {
            return false;
        }
    }
    return longest_run_of_digits(text) <= digits_in_row_max;
}

bool is_path_word(std::string_view text) {
    const bool version = (text.size() == 2 || text.size() == 3) && text.front() == 'v' &&
                         digits_in(text) + 1 == text.size();
    return version || holds(path_words, lower_case(text));
}

bool is_harmless(std::string_view field, std::string_view value) {
    const auto name = plain_name(field);
    // A reason is a code with some, free text with others: there a made-up word may be a name.
    const bool is_reason = name == "reason" && holds(state_words, lower_case(value));
    return is_reason || (holds(code_fields, name) && is_code(value)) ||
           (holds(id_fields, name) && is_made_id(value)) ||
           (holds(time_fields, name) && is_time(value));
}

bool may_show_number(std::string_view field, long long value) {
    constexpr long long most = 99'999;
    return value >= 0 && value <= most && holds(code_fields, plain_name(field));
}

bool may_show_flag(std::string_view field) {
    return holds(code_fields, plain_name(field));
}

}   // namespace gateway::exchanges
