#include "gateway/plugins/loader.hpp"

#include "gateway/plugins/registry.hpp"
#include "gateway/sdk/abi_stamp.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace gateway;
using namespace gateway::plugins;

namespace {

std::span<const sdk::Capability> no_capabilities() {
    return {};
}

std::vector<core::Problem> no_check(std::string_view, const json::Value&, const json::Value&,
                                    std::span<const core::DocumentRef>, core::Time) {
    return {};
}

core::Result<std::unique_ptr<sdk::Adapter>> no_create(const sdk::ConnectionFacts&, sdk::Host&) {
    return core::Failure(core::Errc::unsupported);
}

sdk::Descriptor descriptor(std::string_view name) {
    return sdk::Descriptor{sdk::current_abi_stamp(), name,     "1",      "{}", "{}",
                           no_capabilities,          no_check, no_create};
}

template <std::size_t N>
void set(char (&field)[N], const char* text) {
    std::memset(field, 0, N);
    std::strncpy(field, text, N - 1);
}

}   // namespace

TEST_CASE("plugins: an equal stamp has no difference") {
    CHECK_FALSE(stamp_difference(sdk::current_abi_stamp(), sdk::current_abi_stamp()).has_value());
}

TEST_CASE("plugins: a stamp that differs is refused by the name of the field, with both values") {
    const auto ours = sdk::current_abi_stamp();
    auto theirs = ours;
    theirs.size = 7;
    CHECK(stamp_difference(ours, theirs)->find("size is \"7\"") == 0);
    theirs = ours;
    set(theirs.sdk_version, "9.9");
    CHECK(stamp_difference(ours, theirs)->find("sdk_version is \"9.9\", the gateway's is \"") == 0);
    theirs = ours;
    set(theirs.compiler, "other");
    CHECK(stamp_difference(ours, theirs)->find("compiler") == 0);
    theirs = ours;
    set(theirs.boost, "1_99");
    CHECK(stamp_difference(ours, theirs)->find("boost") == 0);
    theirs = ours;
    set(theirs.sanitizer, "thread");
    CHECK(stamp_difference(ours, theirs)->find("sanitizer") == 0);
    theirs = ours;
    set(theirs.headers_sha256, "00");
    CHECK(stamp_difference(ours, theirs)->find("headers_sha256") == 0);
}

TEST_CASE("plugins: a stamp without an end is read no further than its field") {
    const auto ours = sdk::current_abi_stamp();
    auto theirs = ours;
    std::memset(theirs.boost, 'x', sizeof theirs.boost);
    CHECK(stamp_difference(ours, theirs)->find("boost is \"xxxxxxxxxxxxxxxx\"") == 0);
}

TEST_CASE("plugins: a descriptor that lacks something is refused") {
    CHECK_FALSE(descriptor_fault(descriptor("a")).has_value());
    CHECK(descriptor_fault(descriptor("")).has_value());
    auto broken = descriptor("a");
    broken.create = nullptr;
    CHECK(descriptor_fault(broken).has_value());
    broken = descriptor("a");
    broken.route_schema = {};
    CHECK(descriptor_fault(broken).has_value());
}

TEST_CASE("plugins: the same name twice is refused") {
    const auto a = descriptor("a");
    const auto again = descriptor("a");
    const auto b = descriptor("b");
    Registry registry;
    CHECK(registry.add(a).has_value());
    CHECK(registry.add(b).has_value());
    const auto twice = registry.add(again);
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().is(core::Errc::conflict));
    CHECK(registry.find("a") == &a);
    CHECK(registry.find("c") == nullptr);
    CHECK(registry.names() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("plugins: a file that is not there, or is no library, is refused with its path") {
    const auto absent = load_adapter("/nowhere/x.so");
    REQUIRE_FALSE(absent.has_value());
    CHECK(absent.error().is(core::Errc::not_found));
    const auto text = load_adapter(SLUSE_SOURCE_DIR "/README.md");
    const auto other = load_adapter(SLUSE_SOURCE_DIR "/LICENSE");
    CHECK_FALSE(text.has_value());
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().is(core::Errc::unsupported));
    CHECK(other.error().detail.find("LICENSE") != std::string::npos);
    CHECK_FALSE(Registry::load("/nowhere").has_value());
}
