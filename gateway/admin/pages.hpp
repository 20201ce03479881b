#pragma once

// The console's files, as the build packed them into the program: pages, scripts and styles of our
// own and nothing else, so the browser is told to take nothing else.

#include "gateway/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::admin {

/// Read once from the pack. Any thread.
class ConsolePages {
public:
    /// For tests; else what is embedded. The views outlive the object.
    explicit ConsolePages(std::string_view pack);
    static const ConsolePages& embedded();

    /// A GET or HEAD below /console; 404 without a body for what is not there.
    http::Response answer(const http::Request& request) const;

private:
    struct Page {
        std::string path;   // below /console/
        std::string type;
        std::string etag;
        std::string_view plain;
        std::string_view gzip;
    };
    const Page* find(std::string_view path) const;

    std::vector<Page> pages_;
};

}   // namespace gateway::admin
