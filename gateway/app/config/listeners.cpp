#include "gateway/app/config/listeners.hpp"

#include "gateway/app/config/sources.hpp"

#include <charconv>

#include <arpa/inet.h>

namespace gateway::app {
namespace {

bool is_address(const std::string& host, int family) {
    unsigned char bytes[sizeof(in6_addr)];
    return ::inet_pton(family, host.c_str(), bytes) == 1;
}

void check_listener(const Document& document, const std::string& name, Mistakes& mistakes) {
    const std::string base = "/listen/" + name;
    const json::Value* listener = document.value().at(base);
    const json::Value* address = listener == nullptr ? nullptr : listener->find("address");
    if (address == nullptr || !address->is_string()) {
        return;
    }
    const Place place = document.value_place(base + "/address");
    const auto parsed = parse_listen_address(address->as_string());
    if (!parsed) {
        mistakes.emplace_back(
            place, Said("adressen har feil form", "the address has the wrong form"),
            Said(
                "skriv \"127.0.0.1:8080\" eller \"[::1]:8080\"; port 0 til 65535, 0 tar en ledig",
                "write \"127.0.0.1:8080\" or \"[::1]:8080\"; port 0 to 65535, 0 takes a free one"));
        return;
    }
    if (!is_loopback_host(parsed->host) && !listener->has("certificate")) {
        mistakes.emplace_back(place,
                              Said("uten sertifikat lyttes det bare på denne maskinen",
                                   "without a certificate it listens on this machine alone"),
                              Said("legg til certificate og key, eller bruk 127.0.0.1",
                                   "add certificate and key, or use 127.0.0.1"));
    }
}

void check_same_address(const Document& document, Mistakes& mistakes) {
    const json::Value& listen = document.value()["listen"];
    std::string first;
    for (const auto& [name, listener] : listen.members()) {
        const std::string& address = listener["address"].as_string();
        const auto parsed = parse_listen_address(address);
        if (!parsed || parsed->port == 0) {
            continue;
        }
        for (const auto& [other, other_listener] : listen.members()) {
            if (other == name) {
                break;
            }
            if (other_listener["address"].as_string() == address) {
                mistakes.emplace_back(document.value_place("/listen/" + name + "/address"),
                                      Said("[listen." + other + "] har samme adresse",
                                           "[listen." + other + "] has the same address"),
                                      Said("velg en annen port", "choose another port"));
            }
        }
    }
}

}   // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    ListenAddress address;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    address.host = std::string(text.substr(0, colon));
    if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
        address.host = address.host.substr(1, address.host.size() - 2);
        return is_address(address.host, AF_INET6) ? std::optional(address) : std::nullopt;
    }
    const bool fits = address.host == "localhost" || is_address(address.host, AF_INET);
    return fits ? std::optional(address) : std::nullopt;
}

bool is_loopback_host(std::string_view host) {
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && is_address(std::string(host), AF_INET));
}

std::string host_of_url(std::string_view url) {
    const std::size_t start = url.find("://");
    if (start == std::string_view::npos) {
        return {};
    }
    std::string_view rest = url.substr(start + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.starts_with('[')) {
        return std::string(rest.substr(1, rest.find(']') - 1));
    }
    return std::string(rest.substr(0, rest.find(':')));
}

void check_listeners(const Sources& sources, Mistakes& mistakes) {
    if (!sources.main) {
        return;
    }
    for (const auto& [name, listener] : sources.main->value()["listen"].members()) {
        check_listener(*sources.main, name, mistakes);
    }
    check_same_address(*sources.main, mistakes);
    if (sources.main->value()["listen"].has("callbacks")) {
        mistakes.emplace_back(
            sources.main->key_place("/listen/callbacks"),
            Said("tilbakekall har ingen lytter for seg selv; de kommer på [listen.public]",
                 "call-backs have no listener of their own; they come on "
                 "[listen.public]"),
            Said("fjern [listen.callbacks], og la callback_url i forbindelsen "
                 "vise til [listen.public]",
                 "remove [listen.callbacks], and let callback_url of the "
                 "connection lead to [listen.public]"));
    }
}

}   // namespace gateway::app
