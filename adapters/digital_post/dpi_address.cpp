#include "adapters/digital_post/dpi_address.hpp"

#include "gateway/json/utf8.hpp"

#include <algorithm>

namespace gateway::digital_post {
namespace {

constexpr std::size_t lines_max = 4;
constexpr std::size_t line_length_max = 100;
constexpr std::size_t city_length_max = 80;

bool is_norwegian(const PostalAddress& address) {
    return address.country == "NO";
}

/// Blank, or with a character that would end the line.
bool is_unprintable(std::string_view text) {
    bool blank = true;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || byte == 0x7FU) {
            return true;
        }
        blank = blank && c == ' ';
    }
    return blank;
}

/// Postal code and place as one line of a foreign address.
std::string place_line(const PostalAddress& address) {
    return address.postal_code.empty() ? address.city : address.postal_code + " " + address.city;
}

bool is_postal_code(std::string_view text) {
    return text.size() == 4 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Check {
public:
    Check(const PostalAddress& address, const std::string& pointer)
        : address_(address), pointer_(pointer) {}

    std::vector<core::Problem> run() {
        plain("/name", address_.name);
        plain("/city", address_.city);
        for (std::size_t i = 0; i < address_.lines.size(); ++i) {
            const std::string at = "/lines/" + std::to_string(i);
            plain(at, address_.lines[i]);
            length(at, address_.lines[i], line_length_max);
        }
        if (is_norwegian(address_)) {
            norwegian();
        } else {
            foreign();
        }
        return std::move(problems_);
    }

private:
    void add(const std::string& at, core::Code code, core::Params params = {}) {
        problems_.emplace_back(pointer_ + at, std::move(code), std::move(params));
    }

    void plain(const std::string& at, const std::string& text) {
        if (is_unprintable(text)) {
            add(at, "letter.text_not_plain");
        }
    }

    void length(const std::string& at, const std::string& text, std::size_t max) {
        const std::size_t count = json::utf8_length(text);
        if (count > max) {
            add(at, "letter.address_line_too_long",
                {{"length", std::to_string(count)}, {"max", std::to_string(max)}});
        }
    }

    void lines(std::size_t max) {
        if (address_.lines.size() > max) {
            add("/lines", "letter.address_lines_too_many",
                {{"count", std::to_string(address_.lines.size())}, {"max", std::to_string(max)}});
        }
    }

    void norwegian() {
        if (address_.lines.empty()) {
            add("/lines", "letter.address_line_missing");
        }
        lines(lines_max);
        if (!is_postal_code(address_.postal_code)) {
            add("/postalCode", "letter.address_postal_code");
        }
        length("/city", address_.city, city_length_max);
    }

    void foreign() {
        lines(lines_max - 1);   // the last is for postal code and place
        length("/city", place_line(address_), line_length_max);
    }

    const PostalAddress& address_;
    const std::string& pointer_;
    std::vector<core::Problem> problems_;
};

}   // namespace

PostalAddress read_postal_address(const json::Value& address) {
    PostalAddress read;
    read.name = address["name"].as_string();
    for (const auto& line : address["lines"].items()) {
        read.lines.push_back(line.as_string());
    }
    read.postal_code = address["postalCode"].as_string();
    read.city = address["city"].as_string();
    if (address.has("country")) {
        read.country = address["country"].as_string();
    }
    return read;
}

std::vector<core::Problem> check_address(const PostalAddress& address, const std::string& pointer) {
    return Check(address, pointer).run();
}

json::Value address_information(const PostalAddress& address) {
    json::Value made;
    made.set("navn", address.name);
    std::vector<std::string> lines = address.lines;
    if (!is_norwegian(address)) {
        lines.push_back(place_line(address));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        made.set("adresselinje" + std::to_string(i + 1), lines[i]);
    }
    if (is_norwegian(address)) {
        made.set("postnummer", address.postal_code);
        made.set("poststed", address.city);
    } else {
        made.set("landkode", address.country);
    }
    return made;
}

}   // namespace gateway::digital_post
