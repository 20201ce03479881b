#include "adapters/digital_post/dpi_channels.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace letters;
using dpi::channel_name;

TEST_CASE("digital_post: in a municipality's own system its number stands in all five places") {
    const auto parties = dpi::parties_of(settings(), core::TenantId(municipality));
    CHECK(parties.package_sender == municipality);
    CHECK(parties.body_sender == municipality);
    CHECK(parties.header_sender == municipality);
    CHECK(parties.signer == municipality);
    CHECK(parties.token_consumer == municipality);
}

TEST_CASE("digital_post: a supplier signs and hands over, the municipality stays the sender") {
    const auto parties = dpi::parties_of(settings({}, supplier), core::TenantId(municipality));
    CHECK(parties.package_sender == municipality);
    CHECK(parties.body_sender == municipality);
    CHECK(parties.header_sender == supplier);
    CHECK(parties.signer == supplier);
    CHECK(parties.token_consumer == municipality);
}

TEST_CASE("digital_post: letters are sent on behalf of the tenant, receipts fetched on behalf of "
          "nobody") {
    const auto supplied = settings({}, supplier);
    const auto sending = dpi::sending_token(supplied, core::TenantId(municipality));
    CHECK(sending.scopes == std::vector<std::string>{"digitalpostinnbygger:send"});
    CHECK(sending.consumer_org == municipality);
    CHECK(dpi::receiving_token(supplied).consumer_org.empty());
    CHECK(dpi::receiving_token(supplied).scopes == sending.scopes);
}

TEST_CASE("digital_post: what a setting leaves out has its default, a route wins over the "
          "connection") {
    const auto plain = settings();
    CHECK(plain.notice_days == std::vector<int>{0, 7});
    CHECK(plain.channel == "sluse");
    CHECK(plain.poll_every == std::chrono::seconds(10));
    CHECK(plain.print.mail_class == "B");
    const auto own = settings(R"(,"notice_days":[1],"print":{"mail_class":"A","colour":true,
        "return_handling":"shred"},"sender_identifier":"avd","invoice_reference":"f")");
    const auto as_connection = dpi::read_route(parsed(R"({"service":"print"})"), own);
    CHECK(as_connection.print.mail_class == "A");
    CHECK(as_connection.print.colour);
    CHECK(as_connection.print.shred_returned);
    CHECK(as_connection.sender_identifier == "avd");
    CHECK(as_connection.invoice_reference == "f");
    const auto as_route = dpi::read_route(
        parsed(R"({"service":"print","mail_class":"B","colour":false,"return_handling":"return",
                   "sender_identifier":"skole","invoice_reference":"g"})"),
        own);
    CHECK(as_route.print.mail_class == "B");
    CHECK_FALSE(as_route.print.colour);
    CHECK_FALSE(as_route.print.shred_returned);
    CHECK(as_route.sender_identifier == "skole");
    CHECK(as_route.invoice_reference == "g");
}

TEST_CASE("digital_post: an organisation number with a wrong check digit is refused at once") {
    CHECK_FALSE(dpi::read_settings(facts({}, "310001008")).has_value());
    auto without_address = facts();
    without_address.base_url.clear();
    CHECK_FALSE(dpi::read_settings(without_address).has_value());
}

TEST_CASE("digital_post: each system of each tenant has its own channel of at most 28 characters") {
    const core::TenantId tenant(municipality);
    CHECK(channel_name("sluse", tenant, core::SystemId("byggesak")) == "sluse_310001007_byggesak");
    const std::string longest(63, 'a');
    const auto hashed = channel_name("sluse", tenant, core::SystemId(longest));
    CHECK(hashed.size() == dpi::channel_length_max);
    CHECK(hashed != channel_name("sluse", tenant, core::SystemId(longest.substr(1))));
    CHECK(hashed == channel_name("sluse", tenant, core::SystemId(longest)));
    for (const auto& system : {std::string("a.b"), std::string("blåbær"), longest, std::string()}) {
        for (const char* first : {"a", "abcdefgh"}) {
            const auto channel = channel_name(first, tenant, core::SystemId(system));
            CHECK(channel.size() <= dpi::channel_length_max);
            CHECK(std::all_of(channel.begin(), channel.end(), [](char c) {
                return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
            }));
        }
    }
}

TEST_CASE("digital_post: a channel is durable before it is used, and known after a restart") {
    tests::FakeHost fake;
    boost::asio::io_context io;
    dpi::Channels channels(fake.state);
    CHECK(tests::run(io, channels.use("sluse_310001007_a")).has_value());
    CHECK(tests::run(io, channels.use("sluse_310001007_b")).has_value());
    CHECK(tests::run(io, channels.use("sluse_310001007_a")).has_value());
    dpi::Channels after_restart(fake.state);
    const auto all = tests::run(io, after_restart.all());
    REQUIRE(all.has_value());
    CHECK(*all == std::vector<std::string>{"sluse_310001007_a", "sluse_310001007_b"});
}

TEST_CASE("digital_post: two nodes that note a channel at once lose neither") {
    tests::FakeHost fake;
    boost::asio::io_context io;
    dpi::Channels one(fake.state);
    dpi::Channels other(fake.state);
    CHECK(tests::run(io, one.use("first")).has_value());
    CHECK(tests::run(io, other.use("second")).has_value());
    CHECK(tests::run(io, one.use("third")).has_value());   // its version is old by now
    const auto all = tests::run(io, other.all());
    REQUIRE(all.has_value());
    CHECK(*all == std::vector<std::string>{"first", "second", "third"});
}
