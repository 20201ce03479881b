#include "gateway/core/ip_address.hpp"

#include <catch2/catch.hpp>

using namespace gateway::core;

TEST_CASE("ip: only the plain forms of an address are read") {
    for (const auto* text :
         {"1.2.3.4", "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "2001:db8::8:800:200c:417a",
          "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "FE80::1"}) {
        CAPTURE(text);
        CHECK(parse_ip_address(text).has_value());
    }
    for (const auto* text : {"",
                             "1.2.3",
                             "1.2.3.4.",
                             "1.2.3.4.5",
                             "01.2.3.4",
                             "1.2.3.256",
                             "0x7f.0.0.1",
                             "127.1",
                             "2130706433",
                             "1.2.3.+4",
                             "1.2.3. 4",
                             ":",
                             ":::",
                             "1:2:3:4:5:6:7",
                             "1:2:3:4:5:6:7:8:9",
                             "1:2:3:4:5:6:7:8::",
                             "::1::",
                             "1::2::3",
                             "12345::",
                             "g::",
                             "fe80::1%eth0",
                             "1:2:",
                             ":1",
                             "::1.2.3",
                             "::1.2.3.4:5",
                             "[::1]"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_ip_address(text).has_value());
    }
    CHECK(parse_ip_address("::ffff:1.2.3.4") == parse_ip_address("0:0:0:0:0:FFFF:102:304"));
    CHECK(parse_ip_address("::ffff:1.2.3.4") != parse_ip_address("1.2.3.4"));
}

TEST_CASE("ip: a range holds what begins with the same bits, of the same family") {
    const auto ten = parse_ip_range("10.0.0.0/8");
    REQUIRE(ten.has_value());
    CHECK(ten->contains(*parse_ip_address("10.255.1.2")));
    CHECK_FALSE(ten->contains(*parse_ip_address("11.0.0.0")));
    CHECK_FALSE(ten->contains(*parse_ip_address("::ffff:10.0.0.1")));
    CHECK(parse_ip_range("fd00::/8")->contains(*parse_ip_address("fdff::1")));
    CHECK_FALSE(parse_ip_range("127.0.0.1")->contains(*parse_ip_address("127.0.0.2")));
    CHECK(parse_ip_range("0.0.0.0/0")->contains(*parse_ip_address("9.9.9.9")));
    for (const auto* text : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::/129",
                             "10.0.0.0/8/8", "lan", "fd00::1/8"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_ip_range(text).has_value());
    }
}

TEST_CASE("ip: what is not of the public Internet is told from what is") {
    for (const auto* text :
         {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.0",
          "192.167.1.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:400f::200e"}) {
        CAPTURE(text);
        CHECK(is_public(*parse_ip_address(text)));
    }
    for (const auto* text : {"0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.1",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.8",
                             "192.0.2.1",
                             "192.88.99.1",
                             "192.168.0.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.7",
                             "203.0.113.9",
                             "224.0.0.1",
                             "239.255.255.255",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::ffff:8.8.8.8",
                             "::8.8.8.8",
                             "64:ff9b::808:808",
                             "64:ff9b:1::1",
                             "100::1",
                             "2001::1",
                             "2001:db8::1",
                             "2002:808:808::1",
                             "3fff::1",
                             "fc00::1",
                             "fd12::1",
                             "fe80::1",
                             "fec0::1",
                             "ff02::1",
                             "5f00::1",
                             "4000::1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_public(*parse_ip_address(text)));
    }
}
