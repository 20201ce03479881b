#include "gateway/admin/pages.hpp"

#include "console_pages.hpp"

#include <sstream>
#include <stdexcept>

// The pack is made by gateway/console/pack.mjs: a line with the number of files, a line for each
// (path, type without blanks, hash, bytes, bytes compressed), then all of their bytes in that
// order.

namespace gateway::admin {
namespace {

constexpr std::string_view base = "/console/";
constexpr std::string_view hashed = "assets/";   // their names change with their content
constexpr std::size_t line_bytes_max = 1000;

constexpr const char* policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'none'";

std::string_view next_line(std::string_view& pack) {
    const auto end = pack.substr(0, line_bytes_max).find('\n');
    if (end == std::string_view::npos) {
        throw std::logic_error("the console's pack cannot be read");
    }
    const auto line = pack.substr(0, end);
    pack.remove_prefix(end + 1);
    return line;
}

void add_protection(http::Response& response) {
    response.headers.emplace_back("Content-Security-Policy", policy);
    response.headers.emplace_back("X-Frame-Options", "DENY");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    response.headers.emplace_back("Permissions-Policy",
                                  "camera=(), microphone=(), geolocation=(), payment=()");
}

}   // namespace

ConsolePages::ConsolePages(std::string_view pack) {
    std::istringstream head{std::string(next_line(pack))};
    std::size_t count = 0;
    head >> count;
    std::vector<std::pair<std::size_t, std::size_t>> sizes;
    for (std::size_t i = 0; i < count; ++i) {
        std::istringstream line{std::string(next_line(pack))};
        Page page;
        std::string hash;
        std::size_t plain = 0;
        std::size_t gzip = 0;
        line >> page.path >> page.type >> hash >> plain >> gzip;
        if (page.type.starts_with("text/")) {
            page.type += "; charset=utf-8";
        }
        page.etag = '"' + hash + '"';
        sizes.emplace_back(plain, gzip);
        pages_.push_back(std::move(page));
    }
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        const auto [plain, gzip] = sizes[i];
        if (pack.size() < plain + gzip) {
            throw std::logic_error("the console's pack is cut");
        }
        pages_[i].plain = pack.substr(0, plain);
        pages_[i].gzip = pack.substr(plain, gzip);
        pack.remove_prefix(plain + gzip);
    }
}

const ConsolePages& ConsolePages::embedded() {
    static const ConsolePages pages(admin::embedded::pack);
    return pages;
}

const ConsolePages::Page* ConsolePages::find(std::string_view path) const {
    for (const auto& page : pages_) {
        if (page.path == path) {
            return &page;
        }
    }
    return nullptr;
}

http::Response ConsolePages::answer(const http::Request& request) const {
    const std::string_view asked = request.path;
    if (asked == base.substr(0, base.size() - 1)) {
        http::Response moved(308);
        moved.headers.emplace_back("Location", std::string(base));
        return moved;
    }
    const auto path = asked.substr(base.size());
    const auto* page = find(path.empty() ? std::string_view("index.html") : path);
    if (page == nullptr) {
        http::Response missing(404);
        add_protection(missing);
        return missing;
    }
    http::Response response(200);
    add_protection(response);
    response.headers.emplace_back("ETag", page->etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back("Cache-Control", path.starts_with(hashed)
                                                       ? "public, max-age=31536000, immutable"
                                                       : "no-cache");
    if (request.header("If-None-Match").find(page->etag) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    response.headers.emplace_back("Content-Type", page->type);
    if (!page->gzip.empty() &&
        request.header("Accept-Encoding").find("gzip") != std::string_view::npos) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = std::string(page->gzip);
    } else {
        response.body = std::string(page->plain);
    }
    return response;
}

}   // namespace gateway::admin
