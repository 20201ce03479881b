#include "gateway/exchanges/mask_body.hpp"

#include "gateway/exchanges/harmless.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace gateway::exchanges {
namespace {

constexpr std::size_t values_max = 400;        // masked values of one body
constexpr std::size_t list_items_shown = 10;   // of one list: the rest looks the same

/// What components are known to speak. Any other may say anything in its name.
constexpr std::array<std::string_view, 19> media_types{"application/json",
                                                       "application/problem+json",
                                                       "application/xml",
                                                       "application/soap+xml",
                                                       "application/x-www-form-urlencoded",
                                                       "application/octet-stream",
                                                       "application/offset+octet-stream",
                                                       "application/pdf",
                                                       "application/zip",
                                                       "application/vnd.etsi.asic-e+zip",
                                                       "application/jose",
                                                       "application/jwt",
                                                       "application/cloudevents+json",
                                                       "multipart/form-data",
                                                       "multipart/mixed",
                                                       "multipart/related",
                                                       "text/xml",
                                                       "text/plain",
                                                       "text/html"};

/// Masks a document read as JSON, up to a number of values.
class JsonMask {
public:
    json::Value mask(std::string_view field, const json::Value& value) {
        ++values_;
        if (value.is_object()) {
            return of_object(value);
        }
        if (value.is_array()) {
            return of_list(field, value);
        }
        const bool shown = value.is_null() ||
                           (value.is_string() && is_harmless(field, value.as_string())) ||
                           (value.is_int() && may_show_number(field, value.as_int())) ||
                           (value.is_bool() && may_show_flag(field));
        return shown ? value : json::Value(masked);
    }

private:
    json::Value of_object(const json::Value& value) {
        json::Object members;
        std::size_t nameless = 0;
        for (const auto& [name, of_name] : value.members()) {
            if (values_ >= values_max) {
                break;
            }
            auto shown = shown_name(name);
            if (shown == masked && ++nameless > 1) {
                shown += " " + std::to_string(nameless);   // names are unique
            }
            members.emplace_back(std::move(shown), mask(name, of_name));
        }
        return json::Value(std::move(members));
    }

    json::Value of_list(std::string_view field, const json::Value& value) {
        json::Array items;
        for (const auto& item : value.items()) {
            if (items.size() == list_items_shown || values_ >= values_max) {
                items.emplace_back("...");
                break;
            }
            items.push_back(mask(field, item));
        }
        return json::Value(std::move(items));
    }

    std::size_t values_ = 0;
};

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed_of(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// Goes through a document tag by tag. No entity is resolved, no name is bound to anything: only
/// what is between the tags is left out.
class XmlMask {
public:
    explicit XmlMask(std::string_view text) : left_(text) {}

    std::optional<std::string> run() {
        while (!left_.empty()) {
            if (left_.front() != '<') {
                take_text(left_.substr(0, left_.find('<')));
                continue;
            }
            if (!take_markup()) {
                return std::nullopt;
            }
        }
        return open_.empty() && elements_ > 0 ? std::optional(std::move(out_)) : std::nullopt;
    }

private:
    void take_text(std::string_view text) {
        left_.remove_prefix(text.size());
        const auto said = trimmed_of(text);
        if (!said.empty() && !open_.empty()) {
            out_ += is_harmless(open_.back(), said) ? said : masked;
        }
    }

    /// Passes over what begins so and ends so; nothing when it does not end.
    std::optional<std::string_view> take(std::string_view begin, std::string_view end) {
        const auto at = left_.find(end, begin.size());
        if (at == std::string_view::npos) {
            return std::nullopt;
        }
        const auto inside = left_.substr(begin.size(), at - begin.size());
        left_.remove_prefix(at + end.size());
        return inside;
    }

    bool take_markup() {
        if (left_.starts_with("<!--")) {
            return take("<!--", "-->").has_value();
        }
        if (left_.starts_with("<![CDATA[")) {
            const auto inside = take("<![CDATA[", "]]>");
            if (inside && !trimmed_of(*inside).empty() && !open_.empty()) {
                out_ += masked;
            }
            return inside.has_value();
        }
        if (left_.starts_with("<?")) {
            return take("<?", "?>").has_value();
        }
        if (left_.starts_with("<!")) {
            return false;   // a document type: nothing that is spoken here
        }
        if (left_.starts_with("</")) {
            const auto name = take("</", ">");
            if (!name || open_.empty() || trimmed_of(*name) != open_.back()) {
                return false;
            }
            out_ += "</" + shown_name(open_.back()) + ">";
            open_.pop_back();
            return true;
        }
        return take_start();
    }

    bool take_start() {
        left_.remove_prefix(1);
        const auto name_end = std::find_if(
            left_.begin(), left_.end(), [](char c) { return is_blank(c) || c == '>' || c == '/'; });
        const std::string_view name(left_.data(),
                                    static_cast<std::size_t>(name_end - left_.begin()));
        left_.remove_prefix(name.size());
        if (name.empty() || open_.size() == xml_depth_max) {
            return false;
        }
        ++elements_;
        out_ += "<" + shown_name(name);
        for (;;) {
            while (!left_.empty() && is_blank(left_.front())) {
                left_.remove_prefix(1);
            }
            if (left_.starts_with("/>")) {
                left_.remove_prefix(2);
                out_ += "/>";
                return true;
            }
            if (left_.starts_with(">")) {
                left_.remove_prefix(1);
                out_ += ">";
                open_.emplace_back(name);
                return true;
            }
            if (!take_attribute()) {
                return false;
            }
        }
    }

    bool take_attribute() {
        const auto equals = left_.find('=');
        if (equals == std::string_view::npos) {
            return false;
        }
        const auto name = trimmed_of(left_.substr(0, equals));
        left_.remove_prefix(equals + 1);
        while (!left_.empty() && is_blank(left_.front())) {
            left_.remove_prefix(1);
        }
        if (name.empty() || left_.empty() || (left_.front() != '"' && left_.front() != '\'')) {
            return false;
        }
        const auto quote = left_.substr(0, 1);
        const auto value = take(quote, quote);
        if (!value) {
            return false;
        }
        if (name != "xmlns" && !name.starts_with("xmlns:")) {
            out_ += " " + shown_name(name) + "=\"";
            out_ += is_harmless(name, *value) ? *value : masked;
            out_ += "\"";
        }
        return true;
    }

    std::string_view left_;
    std::string out_;
    std::vector<std::string_view> open_;
    std::size_t elements_ = 0;
};

std::string plain_type(std::string_view content_type) {
    return lower_case(trimmed_of(content_type.substr(0, content_type.find(';'))));
}

enum class Kind { json, xml, form, other };

Kind kind_of(std::string_view type) {
    if (type == "application/json" || type.ends_with("+json")) {
        return Kind::json;
    }
    if (type == "application/xml" || type == "text/xml" || type.ends_with("+xml")) {
        return Kind::xml;
    }
    return type == "application/x-www-form-urlencoded" ? Kind::form : Kind::other;
}

std::optional<std::string> masked_text(Kind kind, std::string_view bytes) {
    switch (kind) {
    case Kind::json: return mask_json(bytes);
    case Kind::xml: return mask_xml(bytes);
    case Kind::form: return mask_form(bytes);
    case Kind::other: break;
    }
    return std::nullopt;
}

}   // namespace

std::string media_type(std::string_view content_type) {
    const auto type = plain_type(content_type);
    const auto known = std::find(media_types.begin(), media_types.end(), type);
    return type.empty() || known != media_types.end() ? type : std::string(masked);
}

std::optional<std::string> mask_json(std::string_view text) {
    json::ParseLimits limits;
    limits.bytes_max = body_read_bytes_max;
    limits.values_max = 20'000;
    const auto read = json::parse(text, limits);
    if (!read) {
        return std::nullopt;
    }
    JsonMask mask;
    return json::write(mask.mask({}, *read));
}

std::optional<std::string> mask_xml(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    return XmlMask(text).run();
}

std::string mask_form(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        const auto equals = pair.find('=');
        const auto name = pair.substr(0, equals);
        shown += shown.empty() ? "" : "&";
        // What stands alone is no name of a field: it may be anything.
        shown += equals == std::string_view::npos ? std::string(masked) : shown_name(name);
        if (equals != std::string_view::npos) {
            const auto value = pair.substr(equals + 1);
            shown += "=";
            shown += is_harmless(name, value) ? value : masked;
        }
    }
    return shown;
}

json::Value unseen_body(std::string_view content_type, std::optional<std::uint64_t> bytes) {
    json::Value body = json::Value::object();
    const auto type = media_type(content_type);
    if (!type.empty()) {
        body.set("type", type);
    }
    if (bytes) {
        body.set("bytes", *bytes);
    }
    return body;
}

json::Value masked_body(std::string_view content_type, std::string_view bytes) {
    auto body = unseen_body(content_type, static_cast<std::uint64_t>(bytes.size()));
    if (bytes.size() > body_read_bytes_max) {
        return body;
    }
    auto text = masked_text(kind_of(plain_type(content_type)), bytes);
    if (!text) {
        return body;
    }
    if (text->size() > body_kept_bytes_max) {
        text->resize(body_kept_bytes_max);   // ASCII: names and values that are shown are
        body.set("cut", true);
    }
    body.set("text", std::move(*text));
    return body;
}

}   // namespace gateway::exchanges
