#include "gateway/notify/url_guard.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

core::WebhookConfig strict() {
    return {};
}

struct Trick {
    const char* url;
    const char* refused;   // "" when it is taken
};

}   // namespace

TEST_CASE(
    "webhooks: an address that would lead us elsewhere than to the public Internet is refused") {
    const Trick tricks[] = {
        {"https://example.no/hook", ""},
        {"https://EXAMPLE.no", ""},
        {"https://example.no:8443/a?b=c", ""},
        {"https://8.8.8.8/", ""},
        {"https://[2606:4700:4700::1111]/", ""},
        {"https://xn--brnehage-l8a.no/", ""},
        {"https://example.no?x=1", ""},
        // schemes
        {"http://example.no/", "not_https"},
        {"HTTP://example.no/", "not_https"},
        {"ftp://example.no/", "not_https"},
        {"file:///etc/passwd", "not_https"},
        {"gopher://127.0.0.1:6379/", "not_https"},
        {"//example.no/", "not_https"},
        {"example.no", "not_https"},
        {"javascript:alert(1)", "not_https"},
        {"", "not_https"},
        // user info and what parsers read differently
        {"https://user@example.no/", "user_info"},
        {"https://example.no@127.0.0.1/", "user_info"},
        {"https://127.0.0.1:443@example.no/", "user_info"},
        {"https://example.no\\@127.0.0.1/", "characters"},
        {"https://127.0.0.1\\.example.no/", "characters"},
        {"https://example.no/a b", "characters"},
        {"https://example.no/\r\nHost: x", "characters"},
        {"https://example.no/#@127.0.0.1", "fragment"},
        {"https://example.no#", "fragment"},
        {"https://blåbær.no/", "characters"},
        {"https://example。no/", "characters"},
        {"https://①②⑦.0.0.1/", "characters"},
        // loopback, in all its clothes
        {"https://127.0.0.1/", "private"},
        {"https://127.255.255.254/", "private"},
        {"https://127.1/", "host"},
        {"https://127.0.1/", "host"},
        {"https://2130706433/", "host"},
        {"https://0x7f000001/", "host"},
        {"https://0x7f.0.0.1/", "host"},
        {"https://0177.0.0.1/", "host"},
        {"https://017700000001/", "host"},
        {"https://127.0.0.0x1/", "host"},
        {"https://127.0.0.1./", "host"},
        {"https://0.0.0.0/", "private"},
        {"https://0/", "host"},
        {"https://localhost/", "private"},
        {"https://LOCALHOST/", "private"},
        {"https://localhost./", "host"},
        {"https://a.localhost/", "private"},
        {"https://[::1]/", "private"},
        {"https://[::]/", "private"},
        {"https://[0:0:0:0:0:0:0:1]/", "private"},
        {"https://[::ffff:127.0.0.1]/", "private"},
        {"https://[::ffff:8.8.8.8]/", "private"},
        {"https://[::127.0.0.1]/", "private"},
        {"https://[64:ff9b::7f00:1]/", "private"},
        {"https://[2002:7f00:1::]/", "private"},
        {"https://[2001::7f00:1]/", "private"},
        {"https://[fe80::1%25eth0]/", "host"},
        {"https://[::1/", "host"},
        {"https://::1/", "port"},
        {"https://[127.0.0.1]/", "host"},
        // our own network and the cloud's
        {"https://10.0.0.1/", "private"},
        {"https://172.16.0.1/", "private"},
        {"https://192.168.1.1/", "private"},
        {"https://100.64.0.1/", "private"},
        {"https://169.254.169.254/latest/meta-data/", "private"},
        {"https://224.0.0.1/", "private"},
        {"https://255.255.255.255/", "private"},
        {"https://[fd00:ec2::254]/", "private"},
        {"https://[fe80::1]/", "private"},
        {"https://[ff02::1]/", "private"},
        {"https://metadata.google.internal/", "private"},
        {"https://printer.local/", "private"},
        // ports
        {"https://example.no:22/", "port"},
        {"https://example.no:80/", "port"},
        {"https://example.no:0/", "port"},
        {"https://example.no:65536/", "port"},
        {"https://example.no:/", "port"},
        {"https://example.no:443a/", "port"},
        {"https://example.no:+443/", "port"},
        {"https://8.8.8.8:6379/", "port"},
        // names that are none
        {"https:///x", "host"},
        {"https://.example.no/", "host"},
        {"https://example..no/", "host"},
        {"https://example.no./", "host"},
        {"https://-example.no/", "host"},
        {"https://exa_mple.no/", "host"},
        {"https://example.no%2f@x/", "user_info"},
        {"https://example.no%00.x/", "host"},
        {"https://*/", "host"},
    };
    for (const auto& trick : tricks) {
        CAPTURE(trick.url);
        CHECK(notify::judge_url(trick.url, strict()).refused == trick.refused);
    }
    const auto taken = notify::judge_url("https://[2606:4700::1111]:8443/x", strict());
    CHECK(taken.target.host == "2606:4700::1111");
    CHECK(taken.target.port == 8443);
    CHECK(notify::judge_url("https://example.no/" + std::string(2000, 'a'), strict()).refused ==
          "too_long");
    const std::string label(64, 'a');
    CHECK(notify::judge_url("https://" + label + ".no/", strict()).refused == "host");
}

TEST_CASE("webhooks: what a name stands for is judged when we connect, by address and port") {
    const auto config = strict();
    CHECK(notify::may_call(*core::parse_ip_address("8.8.8.8"), 443, config));
    CHECK_FALSE(notify::may_call(*core::parse_ip_address("8.8.8.8"), 22, config));
    CHECK_FALSE(notify::may_call(*core::parse_ip_address("127.0.0.1"), 443, config));
    CHECK_FALSE(notify::may_call(*core::parse_ip_address("::ffff:8.8.8.8"), 443, config));
}

TEST_CASE("webhooks: a network is called when the configuration allows it, and no other") {
    core::WebhookConfig config;
    config.allow = {*core::parse_ip_range("10.1.0.0/16"), *core::parse_ip_range("127.0.0.1")};
    config.plain_http = true;
    config.ports = {{80, 80}, {443, 443}, {1024, 65535}};
    CHECK(notify::judge_url("http://127.0.0.1:5000/", config).refused.empty());
    CHECK(notify::judge_url("http://10.1.2.3/", config).refused.empty());
    CHECK(
        notify::judge_url("http://localhost:8080/", config).refused.empty());   // judged by address
    CHECK(notify::judge_url("http://10.2.0.1/", config).refused == "private");
    CHECK(notify::judge_url("http://127.0.0.2/", config).refused == "private");
    CHECK(notify::judge_url("http://[::1]/", config).refused == "private");
    CHECK(notify::judge_url("http://127.0.0.1:22/", config).refused == "port");
    CHECK(notify::may_call(*core::parse_ip_address("10.1.255.255"), 8080, config));
    CHECK_FALSE(notify::may_call(*core::parse_ip_address("10.2.0.0"), 8080, config));
    CHECK_FALSE(notify::may_call(*core::parse_ip_address("::ffff:10.1.0.1"), 8080, config));
}
